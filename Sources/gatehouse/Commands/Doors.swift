import ArgumentParser
import GatehouseCore

/// `gatehouse doors`: what people pass.
struct Doors: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, make, change and delete doors.",
        discussion: """
            A door hangs on a panel and has a number there; events name it by its id.

            gatehouse doors create Lobby --panel 1070000 --number 1 --id lobby
            gatehouse doors list --panel 1070000
            gatehouse doors update lobby --name "Main lobby"
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the doors that the key reaches.")
        @Option(help: "only those of this organization and all below it") var organization: String?
        @Option(help: "only those of this panel") var panel: String?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                "/v1/doors", [("organization", organization), ("panel", panel)], limit: list.limit,
                columns: ["id", "organization", "panel", "number", "name", "attendance"])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one door.")
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, where several have a door of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let path = try GatewayClient.path("/v1/doors", id)
            try Listing(client).show(try await client.client().get(path, [("organization", organization)]))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a door.")
        @Argument(help: "what people call it") var name: String
        @Option(help: "the panel that it hangs on") var panel: String
        @Option(help: "the whole number that it has at its panel") var number: Int64
        @Option(help: "its id; left out, one is made") var id: String?
        @Option(help: "the panel's organization, where several have a panel of that id") var organization: String?
        @Flag(help: "passing it counts as coming to or leaving work") var attendance = false
        @OptionGroup var client: ClientOptions

        /// What is posted.
        var body: JSONObject {
            var body = JSONObject(["name": .string(name), "panel": .string(panel), "number": .integer(number)])
            body.put("id", id)
            body.put("organization", organization)
            if attendance { body["attendance"] = true }
            return body
        }

        func run() async throws {
            try Listing(client).show(try await client.client().post("/v1/doors", .object(body)))
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Change a door; what is not named stays.")
        @Argument(help: "its id") var id: String
        @Option(help: "what people call it") var name: String?
        @Option(help: "the whole number that it has at its panel") var number: Int64?
        @Flag(inversion: .prefixedNo, help: "passing it counts as coming to or leaving work") var attendance: Bool?
        @Option(help: "its organization, where several have a door of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        /// What is sent.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            if let number { body["number"] = .integer(number) }
            if let attendance { body["attendance"] = .bool(attendance) }
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one thing to change") }
        }

        func run() async throws {
            let path = try GatewayClient.path("/v1/doors", id)
            try Listing(client).show(
                try await client.client().patch(path, .object(body), [("organization", organization)]))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Delete a door; its events stay.")
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, where several have a door of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().delete(try GatewayClient.path("/v1/doors", id), [("organization", organization)])
            try Listing(client).showDeleted(id)
        }
    }
}
