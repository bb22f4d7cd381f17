import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseGateway

/// `gatehouse audit`: who did what, and whether the audit was changed.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List the audit entries, and verify their chain.",
        discussion: """
            gatehouse audit list --organization acme --since 2030-01-01T00:00:00Z
            gatehouse audit verify
            gatehouse audit verify --known 5f2c…
            """,
        subcommands: [List.self, Verify.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List entries of the audit, newest first.",
            discussion: """
                gatehouse audit list --since 2h
                gatehouse audit list --organization acme --since 2030-01-01T00:00:00Z
                """)
        @Option(help: "only this organization and all organizations below it") var organization: String?
        @Option(
            help: "only since: 2h for two hours ago, or a time such as 2026-03-11T08:15:30Z (without a zone: UTC)",
            transform: Moment.told)
        var since: Moment?
        @Option(
            help: "only before this time, in the same format; a date alone means the end of that day",
            transform: Moment.toldEnd)
        var until: Moment?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let now = SystemClock().now
            let text = { (moment: Moment?) in moment.map { RFC3339.microsecondsText($0.instant(before: now)) } }
            try await Listing(client).show(
                try client.client().audit.list(
                    organization: organization, since: text(since), until: text(until)),
                limit: list.limit,
                columns: ["number", "time", "organization", "key", "deed", "subject", "id", "details"])
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify the audit's chain; fails if an entry was changed, or removed before its time.",
            discussion: """
                The command prints the first entry that is verified and how many entries are missing. It warns if \
                missing entries are younger than the retention time, if the last entry is not the one that was \
                written last, and if something exists that no entry explains.

                A person who can write the whole file can also write a new, consistent audit; no check of that file \
                alone finds this. So keep the printed `head` in another place, where that person cannot write. With \
                --known, a later check proves that everything up to that head is still there.

                gatehouse audit verify
                gatehouse audit verify --known "$HEAD"
                """)
        @Option(help: "the head that an earlier verification printed") var known: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let audit = try client.client().audit
            let proof = try await ProgressBar.during("verifying the audit's chain") {
                try await audit.prove(known: known)
            }
            Listing(client).show(proof)
            guard !proof.isIntact else {
                if proof.warnings.isEmpty { return }
                throw CommandError(.negative, proof.warnings.joined(separator: "; "))
            }
            guard proof.broken == nil, proof.hasKnown == nil, known != nil else {
                let reasons = proof.warnings.isEmpty ? "" : ": " + proof.warnings.joined(separator: "; ")
                throw CommandError(.negative, "the audit was changed after it was written" + reasons)
            }
            throw CommandError(
                .negative,
                "the kept part of the audit is unchanged, but the given head cannot be verified: it may belong to "
                    + "a pruned part. Keep the head that this command prints from now on")
        }
    }
}
