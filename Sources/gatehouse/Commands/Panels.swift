import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse panels`: the controllers that doors hang on.
struct Panels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, make, change and delete panels.",
        discussion: """
            A panel is what doors hang on: a vendor's server, cloud node or device.

            gatehouse panels create "Main panel" --organization acme --id 1070000
            gatehouse panels list --organization acme
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the panels that the key reaches.",
            discussion: """
                gatehouse panels list --organization acme
                """)
        @Option(help: "only those of this organization and all below it") var organization: String?
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
        @Option(help: "its organization, where several have a panel of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(try await client.client().panels.show(id, organization: organization))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a panel.",
            discussion: """
                gatehouse panels create "Main panel" --organization acme --id 1070000
                """)
        @Argument(help: "what people call it") var name: String
        @Option(help: "the organization that it stands in") var organization: String
        @Option(help: "its id; left out, one is made") var id: String?
        @Option(help: "the whole number that a vendor's contract knows it by") var number: Int64?
        @Option(help: "the IANA name of its time zone (default: the organization's)") var timeZone: String?
        @OptionGroup var client: ClientOptions

        /// What is posted.
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
            abstract: "Change a panel; what is not named stays.",
            discussion: """
                gatehouse panels update 1070000 --number 7
                gatehouse panels update 1070000 --time-zone none
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "what people call it") var name: String?
        @Option(help: "the whole number that a vendor's contract knows it by, or none") var number: String?
        @Option(help: "the IANA name of its time zone, or none for the organization's") var timeZone: String?
        @Option(help: "its organization, where several have a panel of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        /// What is sent.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            if let number { body["number"] = Int64(number).map { .integer($0) } ?? .null }
            if let timeZone { body["timeZone"] = timeZone == "none" ? .null : .string(timeZone) }
            return body
        }

        func validate() throws {
            if body.isEmpty { throw ValidationError("name at least one thing to change") }
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
            abstract: "Delete a panel on which no door hangs; its events stay.",
            discussion: """
                gatehouse panels delete 1070000
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, where several have a panel of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().panels.delete(id, organization: organization)
            Listing(client).showDeleted(id)
        }
    }
}
