import GatehouseCore

/// The environment variables that can set something, and a warning for each other variable with the same prefix.
///
/// An unknown variable does not stop the start: other programs set variables of that form too. Kubernetes
/// sets several in every container for each Service of the namespace, and a Service may be called `gatehouse`
/// ("Discovering services", Kubernetes documentation); even `GATEHOUSE_PORT` is then set by Kubernetes. A wrong value
/// of a known variable stops the start (docs/decisions/0053-unknown-variables-warn.md).
struct OwnVariables {
    /// The variables that settings are read from.
    private(set) var values: [String: String]
    /// One for each ignored variable, in the order of their names. No value is included: it may be a secret.
    private(set) var warnings: [SettingsInForce.SettingError] = []

    /// Variables with our prefix that set nothing of the gateway: other commands read them.
    static let others = [
        "GATEHOUSE_CONFIG", "GATEHOUSE_URL", "GATEHOUSE_KEY", "GATEHOUSE_AUTHORITIES", "GATEHOUSE_GIVE_UP_AFTER",
    ]

    private static let prefix = "GATEHOUSE_"

    /// Takes the variables of a process.
    init(in variables: [String: String]) {
        let known = SettingTable.all.map(\.variable) + Self.others
        self.values = variables
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.prefix) {
            if let service = Self.service(of: name, value, isKnown: known.contains(name)) {
                values[name] = nil
                warnings.append(.init(key: name, sentence: Self.sentence(about: service)))
            } else if !known.contains(name) {
                values[name] = nil
                warnings.append(
                    .init(
                        key: name,
                        sentence: "there is no such variable; it is ignored\(Nearest.hint(for: name, among: known))"))
            }
        }
    }

    private static func sentence(about service: String) -> String {
        "Kubernetes sets it for the Service \"\(service)\"; it is ignored: give the Service another name, or set "
            + "enableServiceLinks to false in the pod."
    }

    /// The Service that a variable of Kubernetes' form is about; nil for every other variable.
    ///
    /// The form is `{NAME}_SERVICE_HOST`, `{NAME}_SERVICE_PORT` and `{NAME}_SERVICE_PORT_{PORT}`, `{NAME}_PORT` with a
    /// URL as its value, and `{NAME}_PORT_{NUMBER}_{PROTOCOL}` alone or with `_PROTO`, `_PORT` or `_ADDR`. Of these
    /// only `{NAME}_PORT` can be a variable of ours.
    private static func service(of name: String, _ value: String, isKnown: Bool) -> String? {
        let words = name.split(separator: "_", omittingEmptySubsequences: false)
        if words.last == "PORT", protocols.contains(where: { value.hasPrefix($0.lowercased() + "://") }) {
            return service(named: words.dropLast())
        }
        guard !isKnown else { return nil }
        for place in words.indices.dropFirst() {
            let rest = Array(words[place...])
            let isOfHost = rest == ["SERVICE", "HOST"]
            let isOfPort = rest.starts(with: ["SERVICE", "PORT"])
            if isOfHost || isOfPort || isOfNumber(rest) { return service(named: words[..<place]) }
        }
        return nil
    }

    /// Whether it is `PORT_8080_TCP`, or that with `_PROTO`, `_PORT` or `_ADDR`.
    private static func isOfNumber(_ words: [Substring]) -> Bool {
        guard (3...4).contains(words.count), words[0] == "PORT", UInt16(words[1]) != nil,
            protocols.contains(String(words[2]))
        else { return false }
        return words.count == 3 || ["PROTO", "PORT", "ADDR"].contains(words[3])
    }

    private static let protocols = ["TCP", "UDP", "SCTP"]

    private static func service(named words: ArraySlice<Substring>) -> String {
        words.joined(separator: "-").lowercased()
    }
}
