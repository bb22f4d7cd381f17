import GatehouseCore
import GatehouseVerification
import HTTPTypes

/// What a body that verified tells of, by its dialect; or why that cannot be read. A signature proves who sent a body,
/// not that it can be read: the two are told apart.
struct BodyReading {
    /// The events in their order; empty where the body cannot be read.
    let events: [ParsedEvent]
    /// Why the body cannot be read, printable; nil where it can.
    let obstacle: String?

    /// Reads the body of a request, with the header fields that came with it.
    init(_ event: VerifiedEvent, _ headers: HTTPFields, in dialect: any Dialect) {
        do throws(ValidationError) {
            events = try dialect.parseAll(event.body, with: headers)
            obstacle = nil
        } catch {
            events = []
            let place = error.field.map { "\($0): " } ?? ""
            obstacle = TextTable.printable("what it says cannot be read: \(place)\(error.sentence)")
        }
    }

    /// What one event tells, and where: the kind, the door.
    static func words(of event: ParsedEvent) -> (kind: String, door: String) {
        let door = event.data["door"]?.text ?? event.labels.doorName ?? "–"
        return (event.kind.name, TextTable.printable(door))
    }
}
