import ArgumentParser
import GatehouseClient
import GatehouseCore

/// The program: one binary that serves, sends, listens and manages.
@main
struct Gatehouse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "A durable webhook gateway for physical access control.",
        discussion: """
            A source posts access events once, to POST /v1/events. Every subscriber gets them in the wire format of \
            the system it was written for, signed, retried until it accepts them, and never silently lost.

            To see it work:      gatehouse demo
            To run it:           gatehouse serve
            To send an event:    gatehouse send door.forced --door lobby

            Exit codes (BSD's sysexits):
            \(CommandError.Sort.table)
             130  ended early by Ctrl-C, 143 by SIGTERM
            """,
        version: "gatehouse \(GatehouseVersion.text)",
        groupedSubcommands: [
            CommandGroup(name: "Running", subcommands: [Serve.self, Demo.self, Config.self, StoreCommand.self]),
            CommandGroup(name: "Events", subcommands: [Send.self, Events.self, CatalogueCommand.self]),
            CommandGroup(name: "Receiving", subcommands: [Listen.self, Verify.self]),
            CommandGroup(
                name: "Managing a gateway",
                subcommands: [
                    Organizations.self, Panels.self, Doors.self, Keys.self, Subscriptions.self, Triggers.self,
                    Deliveries.self, Persons.self, AuditCommand.self, StatusCommand.self,
                ]),
            CommandGroup(name: "Other commands", subcommands: [Wait.self, Completions.self]),
        ])

    /// Parses, runs, and ends with an exit code for the sort of failure (BSD's sysexits).
    static func main() async {
        if let fault = Meant.faultOfHelp(Array(CommandLine.arguments.dropFirst())) {
            Descriptor.errors.write("\(fault)\n  See 'gatehouse --help' for the commands.\n")
            exit(withError: ExitCode.validationFailure)
        }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            if let reason = Descriptor.outputFailure {
                throw CommandError(.transfer, "the output could not be written: \(reason)")
            }
        } catch let failure as CommandError {
            end(with: failure)
        } catch let error as GatehouseError {
            end(with: CommandError(error))
        } catch {
            end(withParsing: error)
        }
    }

    /// Ends with the parser's message, and adds the word that was probably meant.
    private static func end(withParsing error: any Error) -> Never {
        let words = Array(CommandLine.arguments.dropFirst())
        guard exitCode(for: error) == .validationFailure, let meant = Meant.sentence(for: words) else {
            exit(withError: error)
        }
        Descriptor.errors.write("\(fullMessage(for: error))\n\(meant)\n")
        exit(withError: ExitCode.validationFailure)
    }

    private static func end(with failure: CommandError) -> Never {
        if !failure.sentence.isEmpty { Descriptor.errors.write("gatehouse: \(failure.sentence)\n") }
        exit(withError: failure.exitCode)
    }
}
