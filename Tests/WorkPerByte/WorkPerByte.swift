import GatehouseCore
import GatehouseDialects

/// Does once with an event of a shape and size all that a gateway does with its bytes, so that the instructions can be
/// counted from outside: `work-per-byte SHAPE SIZE`. `check.py` beside it does that.
@main struct WorkPerByte {
    static func main() throws {
        let words = CommandLine.arguments
        guard words.count == 3, let shape = Shape(rawValue: words[1]), let size = Int(words[2]) else {
            print("work-per-byte SHAPE SIZE; the shapes: \(Shape.allCases.map(\.rawValue).joined(separator: " "))")
            return
        }
        let details = shape.details(size)
        var written = try event(with: details)
        for dialect in Dialects.all { written += try parse(details, as: dialect) }
        print("\(shape.rawValue): \(details.utf8.count) bytes, \(written) written")
    }

    private static let now = Instant(seconds: 1_773_216_930)

    /// Takes the event in, keeps it, reads it back, and tells it at every level and in every contract.
    private static func event(with details: String) throws -> Int {
        let text =
            #"{"specversion":"1.0","id":"1","source":"/p","type":"access.granted","organization":"acme","#
            + #""data":{"person":{"id":"31"},"details":\#(details)}}"#
        let draft = try JSONParser.parse(Array(text.utf8))
        var directory = Directory()
        directory.put(Organization(id: OrganizationID("acme"), name: "Acme", parent: nil))
        let admission = Admission(directory: directory, caller: .init(of: nil, role: .admin), now: now)
        var random = SeededRandom(seed: 1)
        let admitted = try admission.admit(draft, using: &random)
        guard let event = Event(stored: admitted.event.stored) else { return 0 }
        var written = event.stored.count
        for level in PrivacyLevel.allCases { written += event.cloudEvent(at: level).bytes.count }
        written += event.erased("31")?.stored.count ?? 0
        written += Mask.place(in: draft)?.utf8.count ?? 0
        for dialect in Dialects.all { written += try body(of: event, in: dialect) }
        return written
    }

    private static func body(of event: Event, in dialect: any Dialect) throws -> Int {
        guard let url = TargetURL("https://receiver.example/in") else { return 0 }
        var terms = Terms(name: "W", dialect: dialect.name, url: url, defaults: dialect.defaults)
        terms.secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        terms.privacyLevel = .everything
        let identity = Subscription.Identity(
            id: SubscriptionID("s"), organization: event.organization, created: now)
        let subscription = Subscription(
            identity, terms: terms, hold: .none, revision: 1, sayable: dialect.vocabulary.sayable)
        var numbers = Numbers()
        numbers.position = 7
        for subject in Numbers.Subject.allCases { numbers[subject] = 31 }
        let parcel = Parcel(event: event.numbered(numbers), subscription: subscription, attempt: 1, isReplay: false)
        return dialect.prepare(parcel, at: now).body.count
    }

    /// Reads what a vendor would send, with what no contract names beside what it does.
    private static func parse(_ details: String, as dialect: any Dialect) throws -> Int {
        let strangers = details.dropFirst().dropLast()
        let known =
            #""type":"access","event_type":"access_granted_by_valid_identifier","event_id":1,"created_at":1773216930000,"#
            + #""action":"granted","door_id":"d","timestamp":"2022-03-10T14:04:11Z","topic":"door.opened","#
            + #""body":{},"person":{"id":1}"#
        let more = strangers.isEmpty ? "" : ",\(strangers)"
        let text = "{\(known),\"data\":{\"lock\":1\(more)}\(more)}"
        // Whether the contract takes it is not the question; as far as it is read, the work must be linear.
        guard let parsed = try? dialect.parse(Array(text.utf8)) else { return 0 }
        return JSON.object(parsed.data).bytes.count
    }
}
