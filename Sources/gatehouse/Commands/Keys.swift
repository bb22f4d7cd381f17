import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse keys`: who may call the gateway.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, make, change and revoke keys.",
        discussion: """
            A key has a role and an organization, and reaches all below it. admin: everything there; manager: \
            subscriptions, panels, doors; reporter: reading; source: posting events alone.

            gatehouse keys create "panel of building 1" --role source --organization acme
            gatehouse keys create "Ana's key" --role manager --organization acme \
              --owner-first-name Ana --owner-last-name Reis --owner-email ana@example.com
            gatehouse keys create "fire drill" --role reporter --organization acme --rate 600 \
              --privacy-level 2 --expires-at 2030-12-31T22:00:00Z
            gatehouse keys create "panel software" --role manager --organization acme --login admin
            gatehouse keys create "panel p1" --role source --organization acme --panel p1 --source '/panels/p1*'
            gatehouse keys list
            gatehouse keys revoke key_2dac531048549334
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Revoke.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys that the key reaches.",
            discussion: """
                gatehouse keys list
                gatehouse keys list --organization acme
                """)
        @Option(help: "only those of this organization and all below it") var organization: String?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                try client.client().keys.list(organization: organization), limit: list.limit,
                columns: [
                    "id", "name", "login", "role", "organization", "created", .init("last used", "lastUsed"),
                    .init("expires", "expiresAt"),
                ])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one key, never what it proves itself with.",
            discussion: """
                gatehouse keys show key_2dac531048549334
                """)
        @Argument(help: "its id, key_…") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(try await client.client().keys.show(id))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it this once.",
            discussion: """
                gatehouse keys create "panel of building 1" --role source --organization acme
                """)
        @Argument(help: "what people call it") var name: String
        @Option(help: ArgumentHelp("what it may do: \(Role.allCases.map(\.rawValue).joined(separator: ", "))"))
        var role: Role
        @Option(help: "the organization that it reaches, with all below") var organization: String
        @Option(help: "a name by which its holder may log in beside its id, unique in the gateway") var login: String?
        @OptionGroup var owner: OwnerOptions
        @OptionGroup var bounds: KeyBounds
        @OptionGroup var client: ClientOptions

        /// What is posted.
        var body: JSONObject {
            var body = JSONObject([
                "name": .string(name), "role": .string(role.rawValue), "organization": .string(organization),
            ])
            body.put("login", login)
            if !owner.body.isEmpty { body["owner"] = .object(owner.body) }
            bounds.put(into: &body)
            return body
        }

        func run() async throws {
            Listing(client).show(
                try await client.client().keys.create(.object(body)),
                note: "Keep `key` now: it is shown this once.")
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a key; what it proves itself with stays.",
            discussion: """
                gatehouse keys update key_2dac531048549334 --rate 600 --expires-at 2030-12-31T22:00:00Z
                gatehouse keys update key_2dac531048549334 --rate none --expires-at never
                gatehouse keys update key_2dac531048549334 --login admin
                """)
        @Argument(help: "its id, key_…") var id: String
        @Option(help: "what people call it") var name: String?
        @Option(help: ArgumentHelp("what it may do: \(Role.allCases.map(\.rawValue).joined(separator: ", "))"))
        var role: Role?
        @Option(help: "a name by which its holder may log in beside its id, or nothing (\"\") for none")
        var login: String?
        @OptionGroup var bounds: KeyBounds
        @OptionGroup var client: ClientOptions

        /// What is sent.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            body.put("role", role?.rawValue)
            if let login { body["login"] = login.isEmpty ? .null : .string(login) }
            bounds.put(into: &body)
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one thing to change") }
        }

        func run() async throws {
            Listing(client).show(try await client.client().keys.update(id, .object(body)))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a key: no caller is let in by it any more.",
            discussion: """
                gatehouse keys revoke key_2dac531048549334
                """)
        @Argument(help: "its id, key_…") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().keys.delete(id)
            Listing(client).showDeleted(id)
        }
    }
}

/// What a key is held to.
struct KeyBounds: ParsableArguments {
    @Option(help: "what it reads of events: 0 everything, 1 no credentials, 2 no credentials and no persons")
    var privacyLevel: Int?
    @Option(help: "when it stops letting anybody in, as 2030-12-31T22:00:00Z, or never") var expiresAt: String?
    @Option(help: "how many requests a minute it may make, or none for any number") var rate: String?
    @Option(help: "of a source: a panel that it may tell of, given once for each; without it, every panel")
    var panel: [String] = []
    @Option(
        help: "of a source: a glob that its events' source must fit, as /panels/p1*, given once for each; none for any")
    var source: [String] = []

    func validate() throws {
        if let privacyLevel, PrivacyLevel(rawValue: privacyLevel) == nil {
            throw ValidationError("--privacy-level takes 0, 1 or 2")
        }
        if let rate, rate != "none", !(Int64(rate).map { (1...60_000).contains($0) } ?? false) {
            throw ValidationError("--rate takes a whole number from 1 to 60000, or none")
        }
    }

    /// Puts what was named into what is sent.
    func put(into body: inout JSONObject) {
        if let privacyLevel { body["privacyLevel"] = .integer(privacyLevel) }
        if let expiresAt { body["expiresAt"] = expiresAt == "never" ? .null : .string(expiresAt) }
        if let rate { body["rate"] = Int64(rate).map { .integer($0) } ?? .null }
        for (name, texts) in [("panels", panel), ("sources", source)] where !texts.isEmpty {
            body[name] = texts == ["none"] ? .null : .array(texts.map { .string($0) })
        }
    }
}

/// The person to whom a key is given; a key without one is a program's.
struct OwnerOptions: ParsableArguments {
    @Option(help: "the given name of the person to whom it is given") var ownerFirstName: String?
    @Option(help: "the family name of that person") var ownerLastName: String?
    @Option(help: "the e-mail address of that person") var ownerEmail: String?
    @Option(help: "the id of that person; made where it is left out") var ownerID: String?

    /// What is posted of the owner; empty where none is named.
    var body: JSONObject {
        var body = JSONObject()
        body.put("id", ownerID)
        body.put("firstName", ownerFirstName)
        body.put("lastName", ownerLastName)
        body.put("email", ownerEmail)
        return body
    }

    func validate() throws {
        let named = [ownerFirstName, ownerLastName, ownerEmail]
        guard body.isEmpty || !named.contains(nil) else {
            throw ValidationError("an owner has --owner-first-name, --owner-last-name and --owner-email")
        }
    }
}
