import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse triggers`: secret URLs.
struct Triggers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, create, update and delete secret URLs (PlaceOS).",
        discussion: """
            A caller who knows a trigger's URL may subscribe to the events of its organization's doors, list them \
            and, with --unlock, open them. The URL is shown once.

            gatehouse triggers create "Cameras" --organization acme --door lobby --door gate --unlock
            gatehouse triggers list
            gatehouse triggers update trig-DHgkU1~p --no-active
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the triggers that the key may access.",
            discussion: """
                gatehouse triggers list --organization acme
                """)
        @Option(help: "only this organization and all organizations below it") var organization: String?
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
            abstract: "Show one trigger, without its secret.",
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
            abstract: "Create a trigger and print its URL. It is not shown again.",
            discussion: """
                gatehouse triggers create "Cameras" --organization acme --door lobby --door gate --unlock
                """)
        @Argument(help: "its name") var name: String
        @Option(help: "the organization of its doors") var organization: String
        @OptionGroup var settings: TriggerOptions
        @OptionGroup var client: ClientOptions

        /// The body of the POST request.
        var body: JSONObject {
            var body = JSONObject(["name": .string(name), "organization": .string(organization)])
            settings.put(into: &body)
            return body
        }

        func run() async throws {
            Listing(client).show(
                try await client.client().triggers.create(.object(body)),
                note: "Keep the URLs now: they are not shown again.")
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Update a trigger. Its URL and the fields that are not named stay as they are.",
            discussion: """
                gatehouse triggers update trig-DHgkU1~p --no-active
                gatehouse triggers update trig-DHgkU1~p --all-doors
                """)
        @Argument(help: "its id, trig-…") var id: String
        @Option(help: "its name") var name: String?
        @Flag(help: "include all doors of the organization") var allDoors = false
        @OptionGroup var settings: TriggerOptions
        @OptionGroup var client: ClientOptions

        /// The body of the PATCH request.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            settings.put(into: &body)
            if allDoors { body["doors"] = .null }
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one field to change") }
            if allDoors, !settings.door.isEmpty {
                throw ValidationError("give --door or --all-doors, not both")
            }
        }

        func run() async throws {
            Listing(client).show(try await client.client().triggers.update(id, .object(body)))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a trigger. Its URL stops working; subscriptions that it created stay.",
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
    @Option(help: ArgumentHelp("the id of a door to include; repeatable", valueName: "id"))
    var door: [String] = []
    @Flag(inversion: .prefixedNo, help: "its holder may subscribe and unsubscribe") var register: Bool?
    @Flag(inversion: .prefixedNo, help: "its holder may unlock doors") var unlock: Bool?
    @Flag(inversion: .prefixedNo, help: "its list of doors is wrapped in an object") var doorsEnvelope: Bool?
    @Option(
        help: "the privacy level of its subscriptions: 0 everything, 1 no credentials, 2 no credentials and no persons")
    var privacyLevel: Int?
    @Option(help: "how many requests a minute it accepts") var rate: Int64?
    @Flag(inversion: .prefixedNo, help: "whether it works") var active: Bool?

    func validate() throws {
        if let privacyLevel, PrivacyLevel(rawValue: privacyLevel) == nil {
            throw ValidationError("--privacy-level takes 0, 1 or 2")
        }
    }

    /// Adds the named fields to the body of a request.
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
