import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse triggers`: secret URLs.
struct Triggers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, make, change and delete secret URLs (PlaceOS).",
        discussion: """
            A caller who knows a trigger's URL may subscribe to the events of its organization's doors, list them and, \
            with --unlock, open them. The URL is shown once.

            gatehouse triggers create "Cameras" --organization acme --door lobby --door gate --unlock
            gatehouse triggers list
            gatehouse triggers update trig-DHgkU1~p --no-active
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the triggers that the key reaches.",
            discussion: """
                gatehouse triggers list --organization acme
                """)
        @Option(help: "only those of this organization and all below it") var organization: String?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                try client.client().triggers.list(organization: organization), limit: list.limit,
                columns: ["id", "name", "organization", "doors", "mayRegister", "mayUnlock", "active", "created"])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one trigger, never its secret.",
            discussion: """
                gatehouse triggers show trig-DHgkU1~p
                """)
        @Argument(help: "its id, trig-…") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(try await client.client().triggers.show(id))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a trigger and print its URL this once.",
            discussion: """
                gatehouse triggers create "Cameras" --organization acme --door lobby --door gate --unlock
                """)
        @Argument(help: "what people call it") var name: String
        @Option(help: "the organization whose doors it is about") var organization: String
        @OptionGroup var settings: TriggerOptions
        @OptionGroup var client: ClientOptions

        /// What is posted.
        var body: JSONObject {
            var body = JSONObject(["name": .string(name), "organization": .string(organization)])
            settings.put(into: &body)
            return body
        }

        func run() async throws {
            Listing(client).show(
                try await client.client().triggers.create(.object(body)),
                note: "Keep the URLs now: they are shown this once.")
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a trigger; its URL stays, and what is not named.",
            discussion: """
                gatehouse triggers update trig-DHgkU1~p --no-active
                gatehouse triggers update trig-DHgkU1~p --all-doors
                """)
        @Argument(help: "its id, trig-…") var id: String
        @Option(help: "what people call it") var name: String?
        @Flag(help: "it is about all doors of the organization") var allDoors = false
        @OptionGroup var settings: TriggerOptions
        @OptionGroup var client: ClientOptions

        /// What is sent.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            settings.put(into: &body)
            if allDoors { body["doors"] = .null }
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one thing to change") }
            if allDoors, !settings.door.isEmpty {
                throw ValidationError("name --door or --all-doors, not both")
            }
        }

        func run() async throws {
            Listing(client).show(try await client.client().triggers.update(id, .object(body)))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a trigger: its URL leads nowhere any more. Subscriptions that it made stay.",
            discussion: """
                gatehouse triggers delete trig-DHgkU1~p
                """)
        @Argument(help: "its id, trig-…") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().triggers.delete(id)
            Listing(client).showDeleted(id)
        }
    }
}

/// What a trigger may do.
struct TriggerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("a door that it is about; may be named several times", valueName: "id"))
    var door: [String] = []
    @Flag(inversion: .prefixedNo, help: "its holder may subscribe and unsubscribe") var register: Bool?
    @Flag(inversion: .prefixedNo, help: "its holder may unlock doors") var unlock: Bool?
    @Flag(inversion: .prefixedNo, help: "doors are listed inside an object") var doorsEnvelope: Bool?
    @Option(help: "of its subscriptions: 0 everything, 1 no credentials, 2 no credentials and no persons")
    var privacyLevel: Int?
    @Option(help: "how many requests a minute it takes") var rate: Int64?
    @Flag(inversion: .prefixedNo, help: "whether it works at all") var active: Bool?

    func validate() throws {
        if let privacyLevel, PrivacyLevel(rawValue: privacyLevel) == nil {
            throw ValidationError("--privacy-level is 0, 1 or 2")
        }
    }

    /// Puts what was named into what is sent.
    func put(into body: inout JSONObject) {
        if !door.isEmpty { body["doors"] = .array(door.map { .string($0) }) }
        for (name, flag) in [
            ("mayRegister", register), ("mayUnlock", unlock), ("doorsEnvelope", doorsEnvelope), ("active", active),
        ] {
            if let flag { body[name] = .bool(flag) }
        }
        if let privacyLevel { body["privacyLevel"] = .integer(privacyLevel) }
        if let rate { body["rate"] = .integer(rate) }
    }
}
