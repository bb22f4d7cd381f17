/// The names that an operation of a vendor's API declares for its body or its query, at every depth.
///
/// Vendors' servers pass over what they do not know and their clients rely on it, so what is not declared is left out
/// and noted. A name that differs from a declared one only in case, `_` or `-` is taken as that one, and one that is
/// meant to limit what is sent and is not declared is refused: a limit is not passed over for its spelling.
public struct DeclaredNames: Sendable, ExpressibleByArrayLiteral {
    /// The names, in the order in which they were declared.
    public let names: [String]
    private let declared: [ExactText: Declared]

    private struct Declared: Sendable {
        let name: String
        let inside: DeclaredNames?
    }

    /// Declares names; `inside` has what objects may have that stand there, by themselves or in a list.
    ///
    /// - Precondition: two names of one operation differ in more than case, `_` and `-`.
    public init(_ names: [String], inside: [String: DeclaredNames] = [:]) {
        self.names = names
        self.declared = Dictionary(
            names.map { (Self.folded($0), Declared(name: $0, inside: inside[$0])) },
            uniquingKeysWith: { first, other in
                preconditionFailure("\(first.name) and \(other.name) are one name in two spellings")
            })
    }

    /// Declares names without others inside.
    public init(arrayLiteral names: String...) {
        self.init(names)
    }

    /// The declared name that a caller's spelling stands for; nil where there is none.
    public func name(spelled spelling: String) -> String? { declared[Self.folded(spelling)]?.name }

    /// What is declared inside of a name; nil where its value is taken as it is.
    public func inside(_ name: String) -> DeclaredNames? { declared[Self.folded(name)]?.inside }

    /// The object with declared names alone, each in its declared spelling. Notes what is left out.
    ///
    /// - Throws: ``ValidationError/Code/ambiguous`` where a name stands there in two spellings: which one counts must
    ///   not be
    ///   guessed; ``ValidationError/Code/unknownField`` where what is not declared is meant to limit what is sent.
    public func read(_ object: JSONObject, noting ignored: inout IgnoredNames) throws(ValidationError) -> JSONObject {
        try read(object, at: "", &ignored)
    }

    private func read(_ object: JSONObject, at path: String, _ ignored: inout IgnoredNames) throws(ValidationError)
        -> JSONObject
    {
        var members: [JSONObject.Member] = []
        var taken: Set<String> = []
        for member in object.members {
            guard let declared = declared[Self.folded(member.key)] else {
                try refuseLimit(member.key, member.value, within: path)
                ignored.note(member.key, within: path)
                continue
            }
            let place = path.isEmpty ? declared.name : "\(path).\(declared.name)"
            guard taken.insert(declared.name).inserted else { throw Self.twice(declared.name, at: place) }
            let value = try declared.inside?.read(member.value, at: place, &ignored) ?? member.value
            members.append(JSONObject.Member(declared.name, value))
        }
        return JSONObject(members)
    }

    private func read(_ value: JSON, at path: String, _ ignored: inout IgnoredNames) throws(ValidationError) -> JSON {
        switch value {
        case .object(let object): return .object(try read(object, at: path, &ignored))
        case .array(let items):
            var read: [JSON] = []
            for item in items { read.append(try self.read(item, at: path, &ignored)) }
            return .array(read)
        case .null, .bool, .number, .string: return value
        }
    }

    /// What is said of a name that stands in a body or a query twice, in one spelling or in two.
    public static func twice(_ name: String, at place: String) -> ValidationError {
        ValidationError(.ambiguous, field: place, "\(name) stands there twice, in one spelling or in two: send it once")
    }

    /// A name without what spellings of it may differ in. Letters beyond ASCII stay as they are.
    private static func folded(_ name: String) -> ExactText {
        let bytes = name.utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "-"): nil
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: byte
            }
        }
        return ExactText(String(decoding: bytes, as: UTF8.self))
    }
}

/// The names in a request that its operation does not declare, for the header field `gatehouse-ignored`: names alone,
/// in printable ASCII, and bounded.
public struct IgnoredNames: Sendable {
    /// The longest name that is told, in bytes. Each of the gateway's own secrets is longer, a session's token and the
    /// MD5 of a password included.
    static let longestName = 31
    /// How many bytes of names are told.
    static let longestText = 480

    private var told: [String] = []
    private var seen: Set<String> = []
    private var bytes = 0
    private var untold = 0

    /// Begins with none.
    public init() {}

    /// Notes a name, inside of another one where `path` says so. An empty or a long name is counted and not told: it
    /// may be a value that stands in the wrong place. What is not told is counted each time: such a name is
    /// not kept, so it is not recognized when it comes again.
    public mutating func note(_ name: String, within path: String = "") {
        guard !name.isEmpty, name.utf8.count <= Self.longestName else { return noteNameless() }
        let text = path.isEmpty ? Self.encoded(name) : "\(path).\(Self.encoded(name))"
        if seen.contains(text) { return }
        guard bytes + text.utf8.count <= Self.longestText else { return noteNameless() }
        seen.insert(text)
        told.append(text)
        bytes += text.utf8.count + 2
    }

    /// Notes that something was ignored whose name is not told.
    public mutating func noteNameless() { untold += 1 }

    /// A caller's name in a sentence: in printable ASCII, its beginning where it is long.
    static func shown(_ name: String) -> String {
        name.utf8.count > longestName ? encoded(name, upTo: longestName) + "…" : encoded(name)
    }

    /// Whether nothing was ignored.
    public var isEmpty: Bool { told.isEmpty && untold == 0 }

    /// The field's value, `sort, authentication.realm, (2 more)`; nil where nothing was ignored.
    public var text: String? {
        let more = untold == 0 ? [] : ["(\(untold) more)"]
        return isEmpty ? nil : (told + more).joined(separator: ", ")
    }

    /// A name with everything percent-encoded that is not plain in a list of names.
    private static func encoded(_ name: String, upTo bytes: Int = .max) -> String {
        name.utf8.prefix(bytes).map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
            default: "_-.$@:[]".utf8.contains(byte) ? String(UnicodeScalar(byte)) : "%" + Hex.text([byte]).uppercased()
            }
        }.joined()
    }
}
