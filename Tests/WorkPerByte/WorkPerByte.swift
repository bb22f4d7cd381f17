import GatehouseCore
import GatehouseDialects

/// Does once with an event of a shape and size all that a gateway does with its bytes, so that the instructions can be
/// counted from outside: `work-per-byte SHAPE SIZE`. `check.py` beside it does that. With `details` before the shape it
/// prints the event's details and does nothing; `probes.py` sends those to a gateway.
@main struct WorkPerByte {
    static func main() throws {
        var words = CommandLine.arguments
        let isToPrint = words.count == 4 && words[1] == "details"
        if isToPrint { words.remove(at: 1) }
        guard words.count == 3, let shape = Shape(rawValue: words[1]), let size = Int(words[2]) else {
            let shapes = Shape.allCases.map(\.rawValue).joined(separator: " ")
            print("work-per-byte [details] SHAPE SIZE; the shapes: \(shapes)")
            return
        }
        let details = shape.details(size)
        if isToPrint { return print(details) }
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
        for dialect in Dialects.all { written += body(of: event, in: dialect).count }
        return written
    }

    /// The body of an event in a contract, as the first of some kinds that the contract has.
    private static func body(of event: Event, in dialect: any Dialect) -> [UInt8] {
        for kind: Kind in [.accessGranted, .doorOpened, .personUpdated] {
            guard case .named(let names)? = dialect.vocabulary.entries[kind] else { continue }
            let body = body(of: event, as: kind, called: names, in: dialect)
            if !body.isEmpty { return body }
        }
        return []
    }

    private static func body(
        of event: Event, as kind: Kind, called names: [VendorName], in dialect: any Dialect
    ) -> [UInt8] {
        guard let url = TargetURL("https://receiver.example/in") else { return [] }
        var terms = Terms(name: "W", dialect: dialect.name, url: url, defaults: dialect.defaults)
        terms.secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        terms.privacyLevel = .everything
        let events = JSON.array(names.map { .string($0.text) })
        terms.settings = JSONObject([.init("events", events), .init("event_types", events)])
        let identity = Subscription.Identity(
            id: SubscriptionID("s"), organization: event.organization, created: now)
        let subscription = Subscription(
            identity, terms: terms, hold: .none, revision: 1, sayable: dialect.vocabulary.sayable)
        var parts = event.parts
        parts.kind = kind
        parts.labels.numbers.position = 7
        for subject in Numbers.Subject.allCases { parts.labels.numbers[subject] = 31 }
        let parcel = Parcel(event: Event(parts), subscription: subscription, attempt: 1, isReplay: false)
        return dialect.prepare(parcel, at: now).body
    }

    /// Reads what a vendor would send, with what no contract names beside what it does.
    private static func parse(_ details: String, as dialect: any Dialect) throws -> Int {
        var parts = Event.Parts(
            id: EventID(high: 1, low: 1), kind: .accessGranted, organization: OrganizationID("acme"), received: now)
        parts.data = JSONObject([.init("panel", "1"), .init("door", "1:1"), .init("person", ["id": "31"])])
        parts.labels.panelNumber = 1
        parts.labels.doorNumber = 1
        guard let known = try? JSONParser.parse(body(of: Event(parts), in: dialect)) else {
            print("\(dialect.name) tells of none of these kinds")
            return 0
        }
        let strangers = try JSONParser.parse(Array(details.utf8)).object ?? JSONObject()
        guard var whole = known.object?.beside(strangers) else { return 0 }
        for member in known.object?.members ?? [] {
            if let inner = member.value.object { whole[member.key] = .object(inner.beside(strangers)) }
        }
        // Whether the contract takes it is not the question; as far as it is read, the work must be linear.
        guard let parsed = try? dialect.parse(JSON.object(whole).bytes) else { return 0 }
        return JSON.object(parsed.data).bytes.count
    }
}

extension JSONObject {
    /// The object with the members of another one whose keys it does not have.
    fileprivate func beside(_ others: JSONObject) -> JSONObject {
        var whole = self
        for member in others.members where whole[member.key] == nil { whole[member.key] = member.value }
        return whole
    }
}
