import GatehouseCore
import GatehouseVerification
import HTTPTypes

/// The events in a verified body, as its dialect reads them, or why it cannot be read. A signature proves who sent a
/// body, not that the body can be read: the two results are separate.
struct BodyReading {
    /// The events in their order; empty if the body cannot be read.
    let events: [ParsedEvent]
    /// Why the body cannot be read, safe to print; nil if it can.
    let obstacle: String?

    /// Reads the body of a request, with the header fields that came with it.
    init(_ event: VerifiedEvent, _ headers: HTTPFields, in dialect: any Dialect) {
        do throws(ValidationError) {
            events = try dialect.parseAll(event.body, with: headers)
            obstacle = nil
        } catch {
            events = []
            let place = error.field.map { "\($0): " } ?? ""
            obstacle = TextTable.printable("its contents cannot be read: \(place)\(error.sentence)")
        }
    }

    /// The kind and the door of one event.
    static func words(of event: ParsedEvent) -> (kind: String, door: String) {
        let door = event.data["door"]?.text ?? event.labels.doorName ?? "–"
        return (event.kind.name, TextTable.printable(door))
    }
}
