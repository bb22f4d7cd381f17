internal import GatehouseCore

/// A name of a contract, and what it stands for.
protocol NameRow: Sendable {
    /// The kind that is told under the name.
    var kind: Kind { get }
    /// The vendor's word.
    var name: String { get }
}

/// The names that a contract has for what happens: the one table by which kinds are told, bodies are read, and a word
/// that is none of its names is refused.
struct NameTable<Row: NameRow>: Sendable {
    /// One row a name and kind, in the order of the vendor's manual. A name is read as the kind of its first row.
    let rows: [Row]
    /// The names, each once, in their order.
    let names: [String]
    /// What the contract calls each kind, and why it is silent of the others.
    let vocabulary: Vocabulary
    /// How a word is refused that is no name: `Acme has no name`, to which the word is added.
    private let refusal: String
    private let told: [Kind: [Row]]
    private let read: [String: Row]
    private let folded: [String: Row]

    /// Takes the rows; `borrowed` are those under whose names other kinds are told and that are not read so.
    ///
    /// - Parameter order: puts the rows of one kind in the order in which they are asked.
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

    /// The rows of a kind in the order in which they are asked; none where the contract is silent.
    func rows(of kind: Kind) -> [Row] { told[kind] ?? [] }

    /// The first row of a kind; nil where the contract is silent.
    func row(of kind: Kind) -> Row? { told[kind]?.first }

    /// The row of a name in its own spelling; nil for a word that the contract does not have.
    func row(named name: String) -> Row? { read[name] }

    /// The row of a name, whatever its case.
    func row(spelled name: String) -> Row? { folded[name.lowercased()] }

    /// The fault of a word that is no name, with the nearest that is one.
    func unknown(_ name: String, at path: String) -> ValidationError {
        ValidationError(.unknownKind, field: path, "\(refusal) \"\(name)\"\(Nearest.hint(for: name, among: names))")
    }

    /// Reads the name that a body has under a key. - Throws: what is wrong with it, by the key.
    func row(under key: String, of body: JSONObject, inAnyCase: Bool = false) throws(ValidationError) -> Row {
        let name = try PayloadValue(key, of: body).text()
        guard let row = inAnyCase ? row(spelled: name) : row(named: name) else { throw unknown(name, at: key) }
        return row
    }
}
