/// How a door is told to open: one sort of device or system behind it.
///
/// To add one, write a folder beside its siblings and one line in their registry; the family's conformance suite tests
/// it without being told.
public protocol DoorDriver: Sendable {
    /// The name by which doors choose it, as `driver.type`: `simulated`.
    var name: String { get }

    /// What is wrong with the settings of a door that chooses it, fields named from `driver.` on; empty where they are
    /// right. `type` and `timeout` are judged already.
    func faults(in settings: JSONObject) -> [ValidationError]

    /// The settings whose values let somebody in: a password, a token, a URL. They are shown as dots.
    var secretSettings: Set<String> { get }

    /// Tells a door once to open, and says what it answered. It may answer later than the caller waits, and is then
    /// heard no more.
    func unlock(_ door: Door, settings: JSONObject) async -> CommandOutcome
}

/// The drivers that this gateway has.
public struct DriverTable: Sendable {
    private let drivers: [any DoorDriver]

    /// Drivers of the house's plan that are still to be built.
    private static let promised = ["http", "mqtt", "basip", "placeos"]
    /// How long a door may be given to answer, in milliseconds.
    public static let timeouts: ClosedRange<Int64> = 100...30_000

    /// How long a door is given where its settings say nothing, in milliseconds.
    public static let defaultTimeout: Int64 = 5000

    /// Takes the registry's list.
    public init(_ drivers: [any DoorDriver]) {
        self.drivers = drivers
    }

    /// The names by which doors choose them.
    public var names: [String] { drivers.map(\.name) }

    /// The driver that a door has chosen; nil where it has none.
    public func driver(of door: Door) -> (any DoorDriver)? {
        let name = door.driver?["type"]?.text
        return drivers.first { $0.name == name }
    }

    /// How long a door has to answer.
    public static func timeout(of door: Door) -> Duration {
        .milliseconds(door.driver?["timeout"]?.integer ?? defaultTimeout)
    }

    /// What is wrong with the `driver` of a door; empty where it is right.
    public func faults(in settings: JSONObject) -> [ValidationError] {
        guard let type = settings["type"] else {
            return [ValidationError(.missingField, field: "driver.type", "driver.type is missing: \(offer)")]
        }
        guard let name = type.text else {
            return [ValidationError(.wrongType, field: "driver.type", "driver.type is a string, not \(type.sort)")]
        }
        guard let driver = drivers.first(where: { $0.name == name }) else { return [unknown(name)] }
        var faults: [ValidationError] = []
        if let timeout = settings["timeout"], !(timeout.integer.map(Self.timeouts.contains) ?? false) {
            faults.append(
                ValidationError(
                    .outOfBounds, field: "driver.timeout",
                    "driver.timeout is \(Self.timeouts.lowerBound) to \(Self.timeouts.upperBound), in milliseconds"))
        }
        return faults + driver.faults(in: settings)
    }

    /// A door's settings as they are shown: dots for what its driver calls secret, of a URL for what stands behind its
    /// host. Of a driver that is not there nobody knows what is secret, so all but its name is.
    public func masked(_ settings: JSONObject) -> JSONObject {
        let driver = drivers.first { $0.name == settings["type"]?.text }
        return JSONObject(
            settings.members.map { member in
                let isShown =
                    ["type", "timeout"].contains(member.key)
                    || driver.map { !$0.secretSettings.contains(member.key) } ?? false
                let url = member.value.text.flatMap { TargetURL($0) }
                return isShown
                    ? member : JSONObject.Member(member.key, .string(url?.masked.text ?? Mask.text))
            })
    }

    private func unknown(_ name: String) -> ValidationError {
        guard !Self.promised.contains(name) else {
            return ValidationError(.notBuilt, field: "driver.type", "the driver \(name) is not built yet; \(offer)")
        }
        let hint = Nearest.hint(for: name, among: drivers.map(\.name))
        return ValidationError(.outOfBounds, field: "driver.type", "there is no driver \"\(name)\"\(hint) \(offer)")
    }

    private var offer: String { "there is \(drivers.map(\.name).joined(separator: ", "))" }
}
