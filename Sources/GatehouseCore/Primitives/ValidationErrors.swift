/// Everything that is wrong with something a caller sent, gathered on the way and told at once: the first hundred
/// faults, and how many more there are. A body may have more faults than an answer should bear.
public struct ValidationErrors: Error, Hashable, Sendable {
    /// How many faults are told one by one.
    public static let most = 100

    /// What is told, in the order in which it was found.
    public private(set) var faults: [ValidationError]
    /// How many faults there are beyond these.
    public private(set) var more: Int

    /// Begins with what was found already, by default nothing.
    public init(_ faults: [ValidationError] = []) {
        self.faults = Array(faults.prefix(Self.most))
        self.more = faults.dropFirst(Self.most).count
    }

    /// Adds a fault. Beyond the bound it is counted and not made, since a sentence may cost a search for the nearest
    /// right word.
    public mutating func append(_ fault: @autoclosure () -> ValidationError) {
        if faults.count < Self.most { faults.append(fault()) } else { more += 1 }
    }

    /// Adds all of these.
    public mutating func append(contentsOf others: ValidationErrors) {
        for fault in others.faults { append(fault) }
        more += others.more
    }

    /// Counts faults that are not told one by one.
    public mutating func countUntold(_ count: Int) {
        more += Swift.max(0, count)
    }

    /// The same faults, their fields inside another.
    public func within(_ outer: String) -> ValidationErrors {
        var inner = self
        inner.faults = faults.map { $0.within(outer) }
        return inner
    }

    /// The same faults, each told in other words.
    public func telling(_ words: (String) -> String) -> ValidationErrors {
        var other = self
        other.faults = faults.map { ValidationError($0.code, field: $0.field, words($0.sentence), index: $0.index) }
        return other
    }

    /// Throws what was found, if anything was.
    public func check() throws(ValidationErrors) {
        if !faults.isEmpty { throw self }
    }

    /// `and 17 more faults`, for a contract that tells faults in one text or list; nil where all are told.
    public var rest: String? {
        more == 0 ? nil : more == 1 ? "and 1 more fault" : "and \(more) more faults"
    }
}

extension ValidationErrors: RandomAccessCollection {
    /// The place of the first that is told.
    public var startIndex: Int { faults.startIndex }
    /// The place behind the last that is told.
    public var endIndex: Int { faults.endIndex }
    /// What is told at a place.
    public subscript(place: Int) -> ValidationError { faults[place] }
}
