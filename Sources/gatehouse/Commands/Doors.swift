import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse doors`: what people pass.
struct Doors: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, make, change and delete doors.",
        discussion: """
            A door hangs on a panel and has a number there; events name it by its id.

            gatehouse doors create Lobby --panel 1070000 --number 1 --id lobby
            gatehouse doors list --panel 1070000
            gatehouse doors update lobby --name "Main lobby" --driver simulated
            gatehouse doors unlock lobby
            gatehouse doors import doors.csv --dry-run
            """,
        subcommands: [List.self, Show.self, Create.self, Update.self, Delete.self, Unlock.self, Import.self])

    static let driverHelp = ArgumentHelp(
        "how it is told to open",
        discussion: #"a driver's name, or its settings: '{"type":"simulated","timeout":2000}'"#)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the doors that the key reaches.",
            discussion: """
                gatehouse doors list --panel 1070000
                """)
        @Option(help: "only those of this organization and all below it") var organization: String?
        @Option(help: "only those of this panel") var panel: String?
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
                What is secret of its driver is printed as ••• unless you ask for it; that needs a manager's key, and \
                is noted in the audit.

                gatehouse doors show lobby
                gatehouse doors show lobby --reveal
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, where several have a door of that id") var organization: String?
        @Flag(help: "print what is secret of its driver") var reveal = false
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(
                try await client.client().doors.show(id, organization: organization, reveal: reveal))
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a door.",
            discussion: """
                gatehouse doors create Lobby --panel 1070000 --number 1 --id lobby
                gatehouse doors create Gate --panel 1070000 --number 2 --attendance --driver simulated
                """)
        @Argument(help: "what people call it") var name: String
        @Option(help: "the panel that it hangs on") var panel: String
        @Option(help: "the whole number that it has at its panel") var number: Int64
        @Option(help: "its id; left out, one is made") var id: String?
        @Option(help: "the panel's organization, where several have a panel of that id") var organization: String?
        @Flag(help: "passing it counts as coming to or leaving work") var attendance = false
        @Option(help: Doors.driverHelp) var driver: DriverArgument?
        @OptionGroup var client: ClientOptions

        /// What is posted.
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
            abstract: "Change a door; what is not named stays.",
            discussion: """
                gatehouse doors update lobby --name "Main lobby" --driver simulated
                gatehouse doors update lobby --no-driver
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "what people call it") var name: String?
        @Option(help: "the whole number that it has at its panel") var number: Int64?
        @Flag(inversion: .prefixedNo, help: "passing it counts as coming to or leaving work") var attendance: Bool?
        @Option(help: Doors.driverHelp) var driver: DriverArgument?
        @Flag(help: "take its driver away") var noDriver = false
        @Option(help: "its organization, where several have a door of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        /// What is sent.
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
            if driver != nil, noDriver { throw ValidationError("name --driver or --no-driver, not both") }
            if body.isEmpty { throw ValidationError("name at least one thing to change") }
        }

        func run() async throws {
            Listing(client).show(
                try await client.client().doors.update(id, .object(body), organization: organization))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a door; its events stay.",
            discussion: """
                gatehouse doors delete lobby
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, where several have a door of that id") var organization: String?
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().doors.delete(id, organization: organization)
            Listing(client).showDeleted(id)
        }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell a door to open, once.",
            discussion: """
                The door is told once, however often the request has to be sent. With --idempotency-key the same wish \
                may be told again later without the door being told twice.

                gatehouse doors unlock lobby --idempotency-key delivery-4711
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its organization, where several have a door of that id") var organization: String?
        @Option(help: "the same wish told again has the same key") var idempotencyKey: String?
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
