import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse panels`: the controllers of doors.
struct Panels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, create, update and delete panels.",
        discussion: """
            A panel is the controller of doors: a vendor's server, cloud node or device.

            gatehouse panels create "Main panel" --organization acme --id 1070000
            gatehouse panels list --organization acme
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the panels that the key may access.",
            discussion: """
                gatehouse panels list --organization acme
                """)
        @Option(help: "only this organization and all organizations below it") var organization: String?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                try client.client().panels.list(organization: organization), limit: list.limit,
                columns: [
                    "id", "organization", "name", "number", .init("vendors' number", "vendorNumber"),
                    .init("time zone", "timeZone"),
                ])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one panel.",
            discussion: """
                gatehouse panels show 1070000
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, if several have a panel with that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(try await client.client().panels.show(id, organization: organization))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a panel.",
            discussion: """
                gatehouse panels create "Main panel" --organization acme --id 1070000
                """)
        @Argument(help: "its name") var name: String
        @Option(help: "the organization that owns it") var organization: String
        @Option(help: "its id (default: the gateway makes one)") var id: String?
        @Option(help: "its number in a vendor's contract, a whole number") var number: Int64?
        @Option(help: "the IANA name of its time zone (default: the organization's)") var timeZone: String?
        @OptionGroup var client: ClientOptions

        /// The body of the POST request.
        var body: JSONObject {
            var body = JSONObject(["name": .string(name), "organization": .string(organization)])
            body.put("id", id)
            if let number { body["number"] = .integer(number) }
            body.put("timeZone", timeZone)
            return body
        }

        func run() async throws {
            Listing(client).show(try await client.client().panels.create(.object(body)))
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Update a panel. Fields that are not named stay as they are.",
            discussion: """
                gatehouse panels update 1070000 --number 7
                gatehouse panels update 1070000 --time-zone none
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its name") var name: String?
        @Option(help: "its number in a vendor's contract, a whole number, or none") var number: String?
        @Option(help: "the IANA name of its time zone, or none for the organization's") var timeZone: String?
        @Option(help: "its organization, if several have a panel with that id") var organization: String?
        @OptionGroup var client: ClientOptions

        /// The body of the PATCH request.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            if let number { body["number"] = Int64(number).map { .integer($0) } ?? .null }
            if let timeZone { body["timeZone"] = timeZone == "none" ? .null : .string(timeZone) }
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one field to change") }
            if let number, number != "none", Int64(number) == nil {
                throw ValidationError("--number takes a whole number, or none")
            }
        }

        func run() async throws {
            Listing(client).show(
                try await client.client().panels.update(id, .object(body), organization: organization))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a panel that has no doors. Its events stay.",
            discussion: """
                gatehouse panels delete 1070000
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, if several have a panel with that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().panels.delete(id, organization: organization)
            Listing(client).showDeleted(id)
        }
    }
}
