import ArgumentParser
import GatehouseCore

/// `gatehouse keys`: who may call the gateway.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show and make keys.",
        discussion: """
            A key has a role and an organization, and reaches all below it. admin: everything there; manager: \
            subscriptions, panels, doors; reporter: reading; source: posting events alone.

            gatehouse keys create "panel of building 1" --role source --organization acme
            gatehouse keys list
            """,
        subcommands: [List.self, Show.self, Create.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys that the key reaches.")
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                "/v1/keys", limit: list.limit, columns: ["id", "name", "role", "organization", "created"])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one key, never what it proves itself with.")
        @Argument(help: "its id, key_…") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let path = try GatewayClient.path("/v1/keys", id)
            try Listing(client).show(try await client.client().get(path))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key and print it this once.")
        @Argument(help: "what people call it") var name: String
        @Option(help: ArgumentHelp("what it may do: \(Role.allCases.map(\.rawValue).joined(separator: ", "))"))
        var role: Role
        @Option(help: "the organization that it reaches, with all below") var organization: String
        @OptionGroup var client: ClientOptions

        /// What is posted.
        var body: JSONObject {
            JSONObject(["name": .string(name), "role": .string(role.rawValue), "organization": .string(organization)])
        }

        func run() async throws {
            try Listing(client).show(
                try await client.client().post("/v1/keys", .object(body)),
                note: "Keep `key` now: it is shown this once.")
        }
    }
}
