internal import GatehouseCore

/// A name of a contract, and its kind.
protocol NameRow: Sendable {
    /// The kind that is sent under the name.
    var kind: Kind { get }
    /// The vendor's word.
    var name: String { get }
}

/// The event names of a contract: one table to name kinds, to read bodies, and to refuse unknown names.
struct NameTable<Row: NameRow>: Sendable {
    /// One row for each name and kind, in the order of the vendor's manual. A name is read as the kind of its first
    /// row.
    let rows: [Row]
    /// The names, each once, in their order.
    let names: [String]
    /// The contract's names of each kind, and the reasons why other kinds have no name.
    let vocabulary: Vocabulary
    /// The start of the refusal of an unknown name: `Acme has no name`, followed by the word.
    private let refusal: String
    private let told: [Kind: [Row]]
    private let read: [String: Row]
    private let folded: [String: Row]

    /// Takes the rows; `borrowed` rows send other kinds under a name, but the name is not read as those kinds.
    ///
    /// - Parameter order: sorts the rows of one kind into the order in which they are checked.
    init(
        _ rows: [Row], borrowed: [Row] = [], silent: [(kinds: [Kind], reason: String)], refusal: String,
        order: (Row) -> Int = { _ in 0 }
    ) {
        self.rows = rows
        self.refusal = refusal
        self.read = Dictionary(rows.map { ($0.name, $0) }) { first, _ in first }
        self.folded = Dictionary(rows.map { ($0.name.lowercased(), $0) }) { first, _ in first }
        self.told = Dictionary(grouping: rows + borrowed, by: \.kind).mapValues { rows in
            rows.enumerated().sorted { (order($0.element), $0.offset) < (order($1.element), $1.offset) }.map(\.element)
        }
        var names: [String] = []
        for row in rows where !names.contains(row.name) { names.append(row.name) }
        self.names = names
        var entries: [Kind: Vocabulary.Entry] = [:]
        for (kinds, reason) in silent {
            for kind in kinds { entries[kind] = .silent(reason: reason) }
        }
        for (kind, rows) in told { entries[kind] = .named(rows.map { VendorName($0.name) }) }
        self.vocabulary = Vocabulary(entries)
    }

    /// The rows of a kind in the order in which they are checked; none if the contract has no name.
    func rows(of kind: Kind) -> [Row] { told[kind] ?? [] }

    /// The first row of a kind; nil if the contract has no name.
    func row(of kind: Kind) -> Row? { told[kind]?.first }

    /// The row of a name in its exact spelling; nil for an unknown word.
    func row(named name: String) -> Row? { read[name] }

    /// The row of a name in any case.
    func row(spelled name: String) -> Row? { folded[name.lowercased()] }

    /// The fault of an unknown name, with the nearest known one.
    func unknown(_ name: String, at path: String) -> ValidationError {
        ValidationError(.unknownKind, field: path, "\(refusal) \"\(name)\"\(Nearest.hint(for: name, among: names))")
    }

    /// Reads the name under a key of a body. - Throws: the fault of that key.
    func row(under key: String, of body: JSONObject, inAnyCase: Bool = false) throws(ValidationError) -> Row {
        let name = try PayloadValue(key, of: body).text()
        guard let row = inAnyCase ? row(spelled: name) : row(named: name) else { throw unknown(name, at: key) }
        return row
    }
}
