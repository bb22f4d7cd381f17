/// Opens doors: one sort of device or system behind a door.
///
/// To add one, write a folder beside its siblings and one line in their registry; the family's conformance suite tests
/// every registered driver.
public protocol DoorDriver: Sendable {
    /// The name in a door's `driver.type`: `simulated`.
    var name: String { get }

    /// The faults in the settings of a door with this driver, with fields named from `driver.` on; empty if the
    /// settings are valid. `type` and `timeout` are checked already.
    func faults(in settings: JSONObject) -> [ValidationError]

    /// The settings whose values authenticate: a password, a token, a URL. They are shown as dots.
    var secretSettings: Set<String> { get }

    /// Asks a door once to open, and returns its answer. The caller may stop waiting before; then the answer is
    /// ignored.
    func unlock(_ door: Door, settings: JSONObject) async -> CommandOutcome
}

/// The drivers that this gateway has.
public struct DriverTable: Sendable {
    private let drivers: [any DoorDriver]

    /// Drivers that are planned and not built yet.
    private static let promised = ["http", "mqtt", "basip", "placeos"]
    /// The allowed time for a door's answer, in milliseconds.
    public static let timeouts: ClosedRange<Int64> = 100...30_000

    /// The default time for a door's answer, in milliseconds.
    public static let defaultTimeout: Int64 = 5000

    /// Takes the registry's list.
    public init(_ drivers: [any DoorDriver]) {
        self.drivers = drivers
    }

    /// The names that doors use for them.
    public var names: [String] { drivers.map(\.name) }

    /// The driver of a door; nil if it has none.
    public func driver(of door: Door) -> (any DoorDriver)? {
        let name = door.driver?["type"]?.text
        return drivers.first { $0.name == name }
    }

    /// The time for a door's answer.
    public static func timeout(of door: Door) -> Duration {
        .milliseconds(door.driver?["timeout"]?.integer ?? defaultTimeout)
    }

    /// The faults in the `driver` of a door; empty if it is valid.
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

    /// A door's settings for display: dots for its driver's secret settings, for a URL only in place of its path and
    /// query. The secret settings of an unknown driver are not known, so all but its name is hidden.
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
