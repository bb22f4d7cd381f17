import ArgumentParser
import GatehouseCore

/// The program: one binary that serves, sends, listens and asks.
@main
struct Gatehouse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "A durable webhook gateway for physical access control.",
        discussion: """
            Access events come in once, by POST /v1/events; every subscriber gets them in the wire format of the \
            system it was written for, signed, retried until it took them, and never silently lost.

            To see it work:      gatehouse demo
            To run it:           gatehouse serve
            To send an event:    gatehouse send door.forced --door lobby
            """,
        version: "gatehouse \(GatehouseVersion.text)",
        groupedSubcommands: [
            CommandGroup(name: "Running", subcommands: [Serve.self, Demo.self, Config.self]),
            CommandGroup(name: "Events", subcommands: [Send.self, Events.self, CatalogueCommand.self]),
            CommandGroup(name: "Receiving", subcommands: [Listen.self, Verify.self]),
            CommandGroup(
                name: "Managing a gateway",
                subcommands: [
                    Organizations.self, Panels.self, Doors.self, Keys.self, Subscriptions.self, Triggers.self,
                    Deliveries.self, Persons.self, AuditCommand.self,
                ]),
        ])

    /// Parses, runs, and ends with an exit code that says what sort of failure it was (BSD's sysexits).
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            if !failure.sentence.isEmpty { Descriptor.errors.write("gatehouse: \(failure.sentence)\n") }
            exit(withError: failure.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
