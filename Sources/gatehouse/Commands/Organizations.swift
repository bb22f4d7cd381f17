import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse organizations`: the trees of tenants that own everything else.
struct Organizations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, create, update and delete organizations.",
        discussion: """
            Organizations form trees; a key of one organization may access all organizations below it. Only a key \
            above all trees can create an organization without a parent.

            gatehouse organizations create Acme --id acme --time-zone Europe/Lisbon
            gatehouse organizations create "Acme North" --parent acme
            gatehouse organizations list
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the organizations that the key may access.",
            discussion: """
                gatehouse organizations list
                gatehouse organizations list --limit 500 --json
                """)
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                try client.client().organizations.list(), limit: list.limit,
                columns: [
                    "id", "name", "parent", .init("vendors' number", "vendorNumber"), .init("time zone", "timeZone"),
                ])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one organization.",
            discussion: """
                gatehouse organizations show acme
                """)
        @Argument(help: "its id") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(try await client.client().organizations.show(id))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an organization.",
            discussion: """
                gatehouse organizations create Acme --id acme --time-zone Europe/Lisbon
                gatehouse organizations create "Acme North" --parent acme
                """)
        @Argument(help: "its name") var name: String
        @Option(help: "its id (default: the gateway makes one)") var id: String?
        @Option(help: "the id of the organization above it") var parent: String?
        @Option(help: "the IANA name of its time zone (default: UTC)") var timeZone: String?
        @OptionGroup var client: ClientOptions

        /// The body of the POST request.
        var body: JSONObject {
            var body = JSONObject(["name": .string(name)])
            body.put("id", id)
            body.put("parent", parent)
            body.put("timeZone", timeZone)
            return body
        }

        func run() async throws {
            Listing(client).show(try await client.client().organizations.create(.object(body)))
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Update an organization. Fields that are not named stay as they are.",
            discussion: """
                gatehouse organizations update acme --name "Acme Ltd"
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its name") var name: String?
        @Option(help: "the IANA name of its time zone") var timeZone: String?
        @OptionGroup var client: ClientOptions

        /// The body of the PATCH request.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            body.put("timeZone", timeZone)
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one field to change") }
        }

        func run() async throws {
            Listing(client).show(try await client.client().organizations.update(id, .object(body)))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an organization that owns nothing any more. Its events stay.",
            discussion: """
                gatehouse organizations delete acme
                """)
        @Argument(help: "its id") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().organizations.delete(id)
            Listing(client).showDeleted(id)
        }
    }
}
