internal import GatehouseCore

/// The parameters of a request's query: only those that the route knows. The native API refuses all others.
struct Query: Sendable {
    /// The parameters by name.
    let values: [String: String]

    /// Reads a query.
    ///
    /// - Throws: a fault that names a parameter that the route does not know, that occurs twice or that cannot be
    ///   decoded.
    init(_ text: String?, known: Set<String>?) throws(ValidationError) {
        guard let known else {
            self.values = [:]
            return
        }
        var values: [String: String] = [:]
        for part in (text ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0]),
                let value = PercentEncoding.decode(pair.count > 1 ? pair[1] : "")
            else { throw ValidationError(.malformed, "the query is not percent-encoded UTF-8") }
            guard known.contains(name) else {
                throw ValidationError(.unknownField, field: name, Self.unknown(name, among: known))
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw ValidationError(.malformed, field: name, "the parameter stands twice")
            }
        }
        self.values = values
    }

    /// The sentence about a parameter that the route does not know.
    private static func unknown(_ name: String, among known: Set<String>) -> String {
        guard !known.isEmpty else { return "this parameter is not known here: no parameter is, so leave it out" }
        let offer = known.sorted().joined(separator: ", ")
        return "this parameter is not known here; known: \(offer)\(Nearest.hint(for: name, among: known))"
    }

    /// A query without parameters.
    init() {
        self.values = [:]
    }

    /// Reads a query of a vendor's route: undeclared parameters are ignored and noted. A part without `=` is noted
    /// without its name, since it may be a value.
    ///
    /// - Throws: a fault that names a parameter that occurs twice, that cannot be decoded, or that would limit what the
    ///   created or changed thing sends.
    init(_ text: String?, declaredBy route: ManageAPI.Route, noting ignored: inout IgnoredNames) throws(ValidationError)
    {
        var values: [String: String] = [:]
        for part in (text ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let spelled = PercentEncoding.decode(pair[0])
            guard let name = spelled.flatMap({ route.query.name(spelled: $0) }) else {
                if route.takesBody, let spelled { try route.query.refuseLimit(spelled, .bool(true)) }
                ignored.note(pair.count > 1 ? spelled ?? "" : "")
                continue
            }
            guard let value = PercentEncoding.decode(pair.count > 1 ? pair[1] : "") else {
                throw ValidationError(.malformed, field: name, "the parameter is not percent-encoded UTF-8")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw DeclaredNames.twice(name, at: name) }
        }
        self.values = values
    }

    /// The value of a parameter.
    subscript(name: String) -> String? { values[name] }

    /// An instant: the beginning of a date without a time, in UTC if it has no zone; nil if the parameter is missing.
    func instant(_ name: String) throws(ValidationError) -> Instant? { try time(name)?.time.instant }

    private func time(_ name: String) throws(ValidationError) -> TimeText? {
        guard let text = values[name] else { return nil }
        do {
            return try TimeText(text)
        } catch {
            throw ValidationError(
                .outOfBounds, field: name,
                "\(name) takes a time as 2026-03-11T08:15:30Z or 2026-03-11T08:15:30%2B02:00 (ISO 8601; in a query, "
                    + "write + as %2B): \(Self.confusion(in: text) ?? error.sentence)")
        }
    }

    /// Explains a plus or a blank in a time that the query encoding changed; nil if it is neither.
    private static func confusion(in text: String) -> String? {
        func isTime(with character: Character, at place: String.Index?) -> Bool {
            guard let place else { return false }
            let meant = text[..<place] + [character] + text[text.index(after: place)...]
            return (try? TimeText(String(meant))) != nil
        }
        if isTime(with: "+", at: text.lastIndex(of: " ")) {
            return "a blank stands where the + of the zone belongs: write %2B there"
        }
        return isTime(with: " ", at: text.firstIndex(of: "+"))
            ? "a + is a plus here: write T, or %20, between the date and the time of day" : nil
    }

    /// The bounds `since` and `until` of the request; each is optional.
    ///
    /// A date without a time is a whole day: as `since` its beginning, as `until` its end.
    ///
    /// - Throws: a fault if nothing is between them: an empty list would look like a time without events.
    func period() throws(ValidationError) -> (since: Instant?, until: Instant?) {
        let (since, until) = (try instant("since"), try time("until")?.spanEnd)
        if let fault = ValidationError(ofSpan: since, until) { throw fault }
        return (since, until)
    }

    /// A value for a sentence: shortened, in quotation marks.
    static func shown(_ value: String) -> String {
        let plain = value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) }
        return plain.count > 40 ? "'\(String(plain.prefix(40)))…'" : "'\(String(plain))'"
    }

    /// The fault of a parameter with a wrong value; it says which values are right.
    static func refusal(of name: String, _ value: String, takes what: String) -> ValidationError {
        let given = value.isEmpty ? "it is empty" : "\(shown(value)) is not one"
        return ValidationError(.outOfBounds, field: name, "\(name) takes \(what); \(given)")
    }

    /// The value of a parameter that takes one of several words; nil if it is missing.
    func word(_ name: String, of words: [String]) throws(ValidationError) -> String? {
        guard let text = values[name], !words.contains(where: { ExactText($0) == ExactText(text) }) else {
            return values[name]
        }
        let hint = Nearest.hint(for: text, among: words)
        throw Self.refusal(of: name, text, takes: "one of the words \(words.joined(separator: ", "))\(hint)")
    }

    /// The number of the last item of the page before, in lists whose cursors are numbers; nil on the first page.
    func cursor() throws(ValidationError) -> Int64? {
        guard let text = values["cursor"] else { return nil }
        guard let number = Int64(text) else {
            throw Self.refusal(of: "cursor", text, takes: "the `next` of an earlier page of this list")
        }
        return number
    }

    /// The longest page of a list.
    static let longestPage = 500

    /// How many items a page may have: `limit`, 1 to 500, by default 100.
    func limit() throws(ValidationError) -> Int {
        guard let text = values["limit"] else { return 100 }
        guard let limit = Int(text), (1...Self.longestPage).contains(limit) else {
            throw Self.refusal(of: "limit", text, takes: "a whole number from 1 to \(Self.longestPage)")
        }
        return limit
    }
}

extension ValidationError {
    /// The fault of the two ends of a period; nil if something is between them.
    init?(ofSpan since: Instant?, _ until: Instant?) {
        guard let since, let until, until <= since else { return nil }
        let sentence =
            until == since
            ? "nothing lies between since and until: both are \(RFC3339.text(until)). until is the first instant that "
                + "is left out, and a date alone means the end of that day. For one day give its date alone, as "
                + "2026-03-11, for both; where they are exchanged, exchange them back"
            : "until (\(RFC3339.text(until))) is earlier than since (\(RFC3339.text(since))): exchange them"
        self.init(.outOfBounds, field: "until", sentence)
    }
}
