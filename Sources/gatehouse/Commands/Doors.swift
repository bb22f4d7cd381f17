import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse doors`: the doors that people pass.
struct Doors: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, create, update and delete doors.",
        discussion: """
            A door belongs to a panel and has a number there; events name the door by its id.

            gatehouse doors create Lobby --panel 1070000 --number 1 --id lobby
            gatehouse doors list --panel 1070000
            gatehouse doors update lobby --name "Main lobby" --driver simulated
            gatehouse doors unlock lobby
            gatehouse doors import doors.csv --dry-run
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self, Unlock.self, Import.self])

    static let driverHelp = ArgumentHelp(
        "how the gateway opens it",
        discussion: #"a driver's name, or its settings: '{"type":"simulated","timeout":2000}'"#)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the doors that the key may access.",
            discussion: """
                gatehouse doors list --panel 1070000
                """)
        @Option(help: "only this organization and all organizations below it") var organization: String?
        @Option(help: "only doors of this panel") var panel: String?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                try client.client().doors.list(organization: organization, panel: panel), limit: list.limit,
                columns: ["id", "organization", "panel", "number", "name", "attendance"])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one door.",
            discussion: """
                The secrets of its driver are printed as ••• unless you give --reveal. That needs a manager's key \
                and is recorded in the audit.

                gatehouse doors show lobby
                gatehouse doors show lobby --reveal
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, if several have a door with that id") var organization: String?
        @Flag(help: "print the secrets of its driver too") var reveal = false
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(
                try await client.client().doors.show(id, organization: organization, reveal: reveal))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a door.",
            discussion: """
                gatehouse doors create Lobby --panel 1070000 --number 1 --id lobby
                gatehouse doors create Gate --panel 1070000 --number 2 --attendance --driver simulated
                """)
        @Argument(help: "its name") var name: String
        @Option(help: "the id of its panel") var panel: String
        @Option(help: "its number at the panel, a whole number") var number: Int64
        @Option(help: "its id (default: the gateway makes one)") var id: String?
        @Option(help: "the panel's organization, if several have a panel with that id") var organization: String?
        @Flag(help: "a passage counts as coming to or leaving work") var attendance = false
        @Option(help: Doors.driverHelp) var driver: DriverArgument?
        @OptionGroup var client: ClientOptions

        /// The body of the POST request.
        var body: JSONObject {
            var body = JSONObject(["name": .string(name), "panel": .string(panel), "number": .integer(number)])
            body.put("id", id)
            body.put("organization", organization)
            if attendance { body["attendance"] = true }
            if let driver { body["driver"] = driver.json }
            return body
        }

        func run() async throws {
            Listing(client).show(try await client.client().doors.create(.object(body)))
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Update a door. Fields that are not named stay as they are.",
            discussion: """
                gatehouse doors update lobby --name "Main lobby" --driver simulated
                gatehouse doors update lobby --no-driver
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its name") var name: String?
        @Option(help: "its number at the panel, a whole number") var number: Int64?
        @Flag(inversion: .prefixedNo, help: "a passage counts as coming to or leaving work") var attendance: Bool?
        @Option(help: Doors.driverHelp) var driver: DriverArgument?
        @Flag(help: "remove its driver") var noDriver = false
        @Option(help: "its organization, if several have a door with that id") var organization: String?
        @OptionGroup var client: ClientOptions

        /// The body of the PATCH request.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            if let number { body["number"] = .integer(number) }
            if let attendance { body["attendance"] = .bool(attendance) }
            if let driver { body["driver"] = driver.json }
            if noDriver { body["driver"] = .null }
            return body
        }

        func validate() throws {
            if driver != nil, noDriver { throw ValidationError("give --driver or --no-driver, not both") }
            if body.isEmpty { throw ValidationError("name at least one field to change") }
        }

        func run() async throws {
            Listing(client).show(
                try await client.client().doors.update(id, .object(body), organization: organization))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a door. Its events stay.",
            discussion: """
                gatehouse doors delete lobby
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, if several have a door with that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().doors.delete(id, organization: organization)
            Listing(client).showDeleted(id)
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Unlock a door once.",
            discussion: """
                The door gets the command once, however often the request is sent. With --idempotency-key the same \
                command may be sent again later, and the door still gets it once.

                gatehouse doors unlock lobby --idempotency-key delivery-4711
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, if several have a door with that id") var organization: String?
        @Option(help: "a key that makes a repeated command the same command") var idempotencyKey: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(
                try await client.client().doors.unlock(
                    id, organization: organization, idempotencyKey: idempotencyKey))
        }
    }
}

/// A driver on the command line: its name, or its settings as JSON.
struct DriverArgument: ExpressibleByArgument {
    let json: JSON

    init?(argument: String) {
        guard argument.hasPrefix("{") else {
            json = ["type": .string(argument)]
            return
        }
        guard let settings = SettingsArgument(argument: argument) else { return nil }
        json = settings.json
    }
}
