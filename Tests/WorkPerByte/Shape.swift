import GatehouseCore

/// The shapes of what callers may put into an event: each grows with a number, and its bytes with it.
enum Shape: String, CaseIterable {
    /// No details: what a run costs that does nothing.
    case nothing
    /// One object of many members.
    case wide
    /// Many objects in one another, again and again.
    case deep
    /// Many items.
    case list
    /// Many numbers of many digits.
    case numbers
    /// One number of many digits.
    case digits
    /// One text.
    case text
    /// One text of nothing but escapes.
    case escapes
    /// One text of characters beyond ASCII.
    case characters
    /// Names of many words.
    case names
    /// A name of many words that speak of credentials, over as many values.
    case credentials
    /// A list that names many credentials, beside as many members.
    case named
    /// One member of a very long name, which has many members.
    case longName
    /// Many objects with the same few members.
    case records

    /// The details of an event, as JSON.
    func details(_ size: Int) -> String {
        switch self {
        case .nothing: "{}"
        case .wide: "{\(joined(size * 5) { "\"k\($0)\":\($0)" })}"
        case .deep: "{\"d\":[\(joined(size / 16) { _ in Self.nested })]}"
        case .list: "{\"l\":[\(joined(size * 4) { "\($0 % 10)" })]}"
        case .numbers: "{\"n\":[\(joined(size) { "-\($0).\($0)e-7" })]}"
        case .digits: "{\"n\":\(String(repeating: "7", count: size * 8))}"
        case .text: "{\"t\":\"\(String(repeating: "door four ", count: size))\"}"
        case .escapes: "{\"t\":\"\(String(repeating: #"\u00e9\n\ud83d\ude00"#, count: size / 2))\"}"
        case .characters: "{\"t\":\"\(String(repeating: "Türé🚪", count: size))\"}"
        case .names: "{\(joined(size / 8) { "\"firstReader\($0)OfTheDoorCARDNumbersAreHere_and-there.x\":\"a\"" })}"
        case .credentials:
            "{\"\(String(repeating: "card ", count: size))\":[\(joined(size) { _ in "\"card\"" })]}"
        case .named:
            "{\"key\":[\(joined(size) { _ in "\"card\"" })],\(joined(size) { "\"x\($0)q\":\"open\"" })}"
        case .longName: "{\"\(String(repeating: "aB", count: size * 2))\":{\(joined(size / 2) { "\"k\($0)\":{}" })}}"
        case .records: "{\"r\":[\(joined(size / 4) { "{\"id\":\($0),\"name\":\"n\",\"state\":true}" })]}"
        }
    }

    private static let nested = String(repeating: "{\"o\":[", count: 10) + String(repeating: "]}", count: 10)

    private func joined(_ count: Int, _ item: (Int) -> String) -> String {
        (0..<count).map(item).joined(separator: ",")
    }
}
