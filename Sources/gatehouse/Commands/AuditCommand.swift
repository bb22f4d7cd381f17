import ArgumentParser
import GatehouseClient
import GatehouseCore
import GatehouseGateway

/// `gatehouse audit`: who did what, and whether that was tampered with.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "List who did what, and hold the list against its chain.",
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
        @Option(help: "only those of this organization and all below it") var organization: String?
        @Option(
            help: "only from then on: 2h for so long ago, or a time as 2026-03-11T08:15:30Z (without a zone: UTC)",
            transform: Moment.told)
        var since: Moment?
        @Option(help: "only before then, in the same words; a date alone means its end", transform: Moment.toldEnd)
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
            abstract: "Hold the audit against its chain; fails where an entry is changed, or missing before its time.",
            discussion: """
                It says from which entry on all is as it was written, how many are missing, and warns where what is \
                missing is younger than the audit is kept, where the end is not the one that was written last, and \
                where something exists though no entry says who made it.

                Who can write the whole file can write the whole audit anew, so that everything in it agrees: no look \
                at that file finds this. So keep the `head` that is printed in another place, where that person cannot \
                write: --known says later whether everything that was there then is still there.

                gatehouse audit verify
                gatehouse audit verify --known "$HEAD"
                """)
        @Option(help: "the head of an earlier time") var known: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let audit = try client.client().audit
            let proof = try await ProgressBar.during("the audit is held against its chain") {
                try await audit.prove(known: known)
            }
            Listing(client).show(proof)
            guard !proof.isIntact else {
                if proof.warnings.isEmpty { return }
                throw CommandError(.negative, proof.warnings.joined(separator: "; "))
            }
            guard proof.broken == nil, proof.hasKnown == nil, known != nil else {
                let reasons = proof.warnings.isEmpty ? "" : ": " + proof.warnings.joined(separator: "; ")
                throw CommandError(.negative, "the audit is not as it was written" + reasons)
            }
            throw CommandError(
                .negative,
                "what is kept of the audit is as it was written, but that head cannot be judged: it may stand for "
                    + "what was pruned. Keep the one that stands here from now on")
        }
    }
}
