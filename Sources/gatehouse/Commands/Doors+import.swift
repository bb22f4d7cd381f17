import ArgumentParser
import FoundationEssentials
import GatehouseClient
import GatehouseCore
import Synchronization

extension Doors {
    /// `gatehouse doors import`: the doors of a spreadsheet.
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create and update doors from a table in a CSV file.",
            discussion: """
                The first line has the headings, in any order: panel, number and name, and optionally id, \
                organization, attendance (yes or no) and driver. A door that exists already, by its id or else by \
                its number at its panel, is updated if it differs. No door is deleted. The same file may be imported \
                again.

                A row with a fault is left out and reported; the exit code is then 65.

                gatehouse doors import doors.csv --dry-run
                gatehouse doors import doors.csv
                """)
        @Argument(help: "the CSV file, in UTF-8, or - for standard input", completion: .file(extensions: ["csv"]))
        var file: String
        @Flag(help: "only print what would be done") var dryRun = false
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let sheet = try Self.sheet(in: try text())
            let gateway = try client.client()
            let panels = try await gateway.panels.list().all().map(\.json)
            let plan = DoorPlan(sheet, panels: panels, doors: try await gateway.doors.list().all().map(\.json))
            var faults = plan.faults
            var tally = Tally(unchanged: plan.unchanged)
            var bar = ProgressBar(total: plan.steps.count)
            var place = 0
            let done = Mutex(0)
            let all = plan.steps.count
            let interruption = Interruption.reporting { done.withLock { Self.tell(interruptedAfter: $0, of: all) } }
            for step in plan.steps {
                if let sentence = dryRun ? nil : try await Self.refusal(of: step, gateway) {
                    faults.append(DoorSheet.RowError(row: step.row, sentence: sentence))
                } else {
                    tally.count(step)
                }
                place += 1
                done.withLock { $0 = place }
                bar.show(bytes: place, note: "\(place) of \(plan.steps.count) doors")
            }
            interruption.cancel()
            bar.clear()
            for fault in faults { Descriptor.errors.write(fault.line + "\n") }
            Descriptor.output.write(tally.text(faults: faults.count, isDry: dryRun, asJSON: client.json) + "\n")
            if !faults.isEmpty { throw CommandError(.data) }
        }

        private static func tell(interruptedAfter done: Int, of all: Int) {
            Descriptor.errors.write(
                "\ngatehouse: interrupted: \(done) of \(all) doors were imported. To continue, import the file again: "
                    + "unchanged doors are skipped\n")
        }

        private static func sheet(in text: String) throws(CommandError) -> DoorSheet {
            do {
                return try DoorSheet(text)
            } catch {
                throw CommandError(.data, error.line)
            }
        }

        /// Reads the whole file: a building has thousands of doors, not millions.
        private func text() throws(CommandError) -> String {
            let input = file == "-" ? Descriptor.input : Descriptor(reading: file)
            guard let input else {
                throw CommandError(.input, "\(file) cannot be opened: \(Descriptor.reason)")
            }
            defer { if file != "-" { input.close() } }
            var bytes: [UInt8] = []
            while let more = input.read(upTo: 65_536), !more.isEmpty {
                bytes += more
                guard bytes.count <= Self.longest else {
                    throw CommandError(.data, "the file has more than \(Self.longest) bytes: split it")
                }
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CommandError(.data, "the file is not in UTF-8: save it as CSV UTF-8")
            }
            return text
        }

        private static let longest = 64 << 20

        /// Carries out a step. Returns why the gateway refused it; nil if the gateway accepted it.
        ///
        /// - Throws: if the next step would fail in the same way.
        private static func refusal(
            of step: DoorPlan.Step, _ gateway: APIClient
        ) async throws(CommandError) -> String? {
            do throws(GatehouseError) {
                try await carryOut(step, gateway)
                return nil
            } catch {
                let failure = CommandError(error)
                guard failure.sort == .data else { throw failure }
                return failure.sentence
            }
        }

        private static func carryOut(_ step: DoorPlan.Step, _ gateway: APIClient) async throws(GatehouseError) {
            switch step {
            case .create(_, let body):
                _ = try await gateway.doors.create(.object(body))
            case .change(_, let id, let organization, let body):
                _ = try await gateway.doors.update(id, .object(body), organization: organization)
            }
        }
    }
}

/// The results of a sheet's rows.
private struct Tally {
    var created = 0
    var changed = 0
    var unchanged = 0

    mutating func count(_ step: DoorPlan.Step) {
        switch step {
        case .create: created += 1
        case .change: changed += 1
        }
    }

    func text(faults: Int, isDry: Bool, asJSON: Bool) -> String {
        guard !asJSON else {
            let object: JSON = [
                "created": .integer(created), "changed": .integer(changed), "unchanged": .integer(unchanged),
                "refused": .integer(faults), "dryRun": .bool(isDry),
            ]
            return object.compact
        }
        let words = isDry ? ("would be created", "would be updated") : ("created", "updated")
        return "\(created) \(words.0), \(changed) \(words.1), \(unchanged) unchanged, \(faults) refused"
    }
}
