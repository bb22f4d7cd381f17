internal import GatehouseCore

/// Writes metrics in the Prometheus text exposition format, version 0.0.4.
struct PrometheusText {
    /// The text so far.
    private(set) var text = ""
    /// The printed labels of the organizations that the reader's key reaches; nil for all.
    private let known: Set<String>?

    /// An empty text, for a reader whose key reaches these organizations; nil for all.
    init(of organizations: Set<OrganizationID>? = nil) {
        known = organizations.map { Set($0.map { Self.labels([("organization", $0.text)]) }) }
    }

    /// Writes one family: its type, then every series by its labels.
    mutating func write(_ family: PrometheusFamily) {
        if let help = family.help { text += "# HELP \(family.name) \(help)\n" }
        text += "# TYPE \(family.name) \(family.type.rawValue)\n"
        for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) where isKnown(labels) {
            for sample in series.samples { write(sample, of: family.name, labels) }
        }
    }

    /// Whether the reader's key reaches the organization in the labels. A quote inside a value has a backslash before
    /// it, so no value looks like the label.
    private func isKnown(_ labels: String) -> Bool {
        guard let known, let start = labels.firstRange(of: "organization=\"") else { return true }
        let value = labels[start.upperBound...]
        var isEscaped = false
        let end = value.firstIndex { character in
            defer { isEscaped = character == "\\" && !isEscaped }
            return character == "\"" && !isEscaped
        }
        guard let end else { return false }
        return known.contains(String(labels[start.lowerBound...end]))
    }

    private mutating func write(_ sample: PrometheusSample, of name: String, _ labels: String) {
        var labels = labels
        if let bound = sample.bound { labels += (labels.isEmpty ? "" : ",") + "le=\"\(bound)\"" }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        text += "\(name)\(sample.suffix)\(braces) \(sample.value)\n"
    }

    /// A label of swift-metrics as a valid Prometheus name: all characters except letters, digits, `_` and `:` become
    /// `_`, and the first character is not a digit.
    static func metricName(_ label: String) -> String { name(label, colon: true) }

    /// Dimensions as they are printed between the braces, by name: `method="GET",status="2xx"`.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { (name($0.0, colon: false), escaped($0.1)) }.sorted { $0.0 < $1.0 }
            .map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
    }

    /// A value in its shortest spelling; whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return "\(value)"
    }

    private static func name(_ text: String, colon: Bool) -> String {
        var name = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if name.isEmpty { name = "_" }
                name.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: ":") where colon:
                name += ":"
            default:
                name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
