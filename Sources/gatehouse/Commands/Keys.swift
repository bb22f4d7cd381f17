import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse keys`: who may call the gateway.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, create, update and revoke keys.",
        discussion: """
            A key has a role and an organization, and may access all organizations below. admin: everything there; \
            manager: subscriptions, panels, doors; reporter: reading; source: only posting events.

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
            abstract: "List the keys that the key may access.",
            discussion: """
                gatehouse keys list
                gatehouse keys list --organization acme
                """)
        @Option(help: "only this organization and all organizations below it") var organization: String?
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
            abstract: "Show one key, without its secret value.",
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
            abstract: "Create a key and print it. It is not shown again.",
            discussion: """
                gatehouse keys create "panel of building 1" --role source --organization acme
                """)
        @Argument(help: "its name") var name: String
        @Option(help: ArgumentHelp("what it may do: \(Role.allCases.map(\.rawValue).joined(separator: ", "))"))
        var role: Role
        @Option(help: "the organization that it may access, with all organizations below") var organization: String
        @Option(help: "a login name that its holder may use in place of its id, unique in the gateway") var login:
            String?
        @OptionGroup var owner: OwnerOptions
        @OptionGroup var bounds: KeyBounds
        @OptionGroup var client: ClientOptions

        /// The body of the POST request.
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
                note: "Keep `key` now: it is not shown again.")
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Update a key. Its secret value stays the same.",
            discussion: """
                gatehouse keys update key_2dac531048549334 --rate 600 --expires-at 2030-12-31T22:00:00Z
                gatehouse keys update key_2dac531048549334 --rate none --expires-at never
                gatehouse keys update key_2dac531048549334 --login admin
                """)
        @Argument(help: "its id, key_…") var id: String
        @Option(help: "its name") var name: String?
        @Option(help: ArgumentHelp("what it may do: \(Role.allCases.map(\.rawValue).joined(separator: ", "))"))
        var role: Role?
        @Option(help: "a login name that its holder may use in place of its id, or an empty text (\"\") for none")
        var login: String?
        @OptionGroup var bounds: KeyBounds
        @OptionGroup var client: ClientOptions

        /// The body of the PATCH request.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            body.put("role", role?.rawValue)
            if let login { body["login"] = login.isEmpty ? .null : .string(login) }
            bounds.put(into: &body)
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one field to change") }
        }

        func run() async throws {
            Listing(client).show(try await client.client().keys.update(id, .object(body)))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a key: the gateway refuses every later call with it.",
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

/// The limits of a key.
struct KeyBounds: ParsableArguments {
    @Option(help: "what it may read of events: 0 everything, 1 no credentials, 2 no credentials and no persons")
    var privacyLevel: Int?
    @Option(help: "when the key expires, for example 2030-12-31T22:00:00Z, or never") var expiresAt: String?
    @Option(help: "how many requests a minute it may make, or none for no limit") var rate: String?
    @Option(help: "for a source: a panel whose events it may report; repeatable; none for every panel")
    var panel: [String] = []
    @Option(
        help:
            "for a source: a glob that its events' source must match, for example /panels/p1*; repeatable; none for any"
    )
    var source: [String] = []

    func validate() throws {
        if let privacyLevel, PrivacyLevel(rawValue: privacyLevel) == nil {
            throw ValidationError("--privacy-level takes 0, 1 or 2")
        }
        if let rate, rate != "none", !(Int64(rate).map { (1...60_000).contains($0) } ?? false) {
            throw ValidationError("--rate takes a whole number from 1 to 60000, or none")
        }
    }

    /// Adds the named fields to the body of a request.
    func put(into body: inout JSONObject) {
        if let privacyLevel { body["privacyLevel"] = .integer(privacyLevel) }
        if let expiresAt { body["expiresAt"] = expiresAt == "never" ? .null : .string(expiresAt) }
        if let rate { body["rate"] = Int64(rate).map { .integer($0) } ?? .null }
        for (name, texts) in [("panels", panel), ("sources", source)] where !texts.isEmpty {
            body[name] = texts == ["none"] ? .null : .array(texts.map { .string($0) })
        }
    }
}

/// The person to whom a key is given; a key without a person belongs to a program.
struct OwnerOptions: ParsableArguments {
    @Option(help: "the given name of the person to whom it is given") var ownerFirstName: String?
    @Option(help: "the family name of that person") var ownerLastName: String?
    @Option(help: "the e-mail address of that person") var ownerEmail: String?
    @Option(help: "the id of that person (default: the gateway makes one)") var ownerID: String?

    /// The owner as it is posted; empty if no owner is named.
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
