/// Reads the dates of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`, and the two older forms that a receiver may still send
/// (RFC 9110 section 5.6.7).
public enum HTTPDate {
    /// The instant of a date; nil if it has none of the three forms.
    public static func parse(_ text: String) -> Instant? {
        let words = text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
        switch words.count {
        case 6: return instant(day: words[1], month: words[2], year: words[3], time: words[4], zone: words[5])
        case 4: return obsolete(words)
        case 5: return instant(day: words[2], month: words[1], year: words[4], time: words[3], zone: "GMT")
        default: return nil
        }
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`: a year of two digits is in this century up to 69, else in the last.
    private static func obsolete(_ words: [String]) -> Instant? {
        let parts = words[1].split(separator: "-").map(String.init)
        guard parts.count == 3, let short = Int(parts[2]), (0...99).contains(short) else { return nil }
        let year = String(short < 70 ? 2000 + short : 1900 + short)
        return instant(day: parts[0], month: parts[1], year: year, time: words[2], zone: words[3])
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func instant(day: String, month: String, year: String, time: String, zone: String) -> Instant? {
        guard zone == "GMT", let place = months.firstIndex(of: month), let number = Int(day), (1...31).contains(number),
            year.utf8.count == 4
        else { return nil }
        let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        guard time.utf8.count == 8 else { return nil }
        return EventTime(stored: "\(year)-\(two(place + 1))-\(two(number))T\(time)Z")?.instant
    }
}
