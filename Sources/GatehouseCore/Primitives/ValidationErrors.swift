/// All faults of a request, collected and reported at once: the first hundred, and the number of further ones. A body
/// may have more faults than an answer should list.
public struct ValidationErrors: Error, Hashable, Sendable {
    /// The maximum number of faults that are listed.
    public static let most = 100

    /// The listed faults, in the order in which they were found.
    public private(set) var faults: [ValidationError]
    /// The number of further faults.
    public private(set) var more: Int

    /// Begins with faults found before, by default none.
    public init(_ faults: [ValidationError] = []) {
        self.faults = Array(faults.prefix(Self.most))
        self.more = faults.dropFirst(Self.most).count
    }

    /// Adds a fault. Beyond the limit it is only counted and not created, since a sentence may cost a search for the
    /// nearest valid word.
    public mutating func append(_ fault: @autoclosure () -> ValidationError) {
        if faults.count < Self.most { faults.append(fault()) } else { more += 1 }
    }

    /// Adds all of these.
    public mutating func append(contentsOf others: ValidationErrors) {
        for fault in others.faults { append(fault) }
        more += others.more
    }

    /// Counts faults that are not listed.
    public mutating func countUntold(_ count: Int) {
        more += Swift.max(0, count)
    }

    /// The faults with their fields inside another one.
    public func within(_ outer: String) -> ValidationErrors {
        var inner = self
        inner.faults = faults.map { $0.within(outer) }
        return inner
    }

    /// The faults with rewritten sentences.
    public func rewritten(_ words: (String) -> String) -> ValidationErrors {
        var other = self
        other.faults = faults.map { ValidationError($0.code, field: $0.field, words($0.sentence), index: $0.index) }
        return other
    }

    /// Throws the collected faults, if there are any.
    public func check() throws(ValidationErrors) {
        if !faults.isEmpty { throw self }
    }

    /// `and 17 more faults`, for a contract with one text or list of faults; nil if all are listed.
    public var rest: String? {
        more == 0 ? nil : more == 1 ? "and 1 more fault" : "and \(more) more faults"
    }
}

extension ValidationErrors: RandomAccessCollection {
    /// The place of the first listed one.
    public var startIndex: Int { faults.startIndex }
    /// The place behind the last listed one.
    public var endIndex: Int { faults.endIndex }
    /// The fault at a place.
    public subscript(place: Int) -> ValidationError { faults[place] }
}
