/// The names that an operation of a vendor's API declares for its body or its query, at every depth.
///
/// Vendors' servers ignore unknown names and their clients rely on it, so an undeclared name is ignored and reported. A
/// name that differs from a declared one only in case, `_` or `-` counts as the declared one. An undeclared name that
/// is meant to limit what is sent is refused: a misspelled limit must not be ignored.
public struct DeclaredNames: Sendable, ExpressibleByArrayLiteral {
    /// The names, in the order of their declaration.
    public let names: [String]
    private let declared: [ExactText: Declared]

    private struct Declared: Sendable {
        let name: String
        let inside: DeclaredNames?
    }

    /// Declares names; `inside` declares the members of objects under them, alone or in a list.
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

    /// The declared name for a caller's spelling; nil if there is none.
    public func name(spelled spelling: String) -> String? { declared[Self.folded(spelling)]?.name }

    /// The names declared inside of a name; nil if its value is accepted as it is.
    public func inside(_ name: String) -> DeclaredNames? { declared[Self.folded(name)]?.inside }

    /// Whether a field of that path is declared: `authentication.type` is `type` inside of `authentication`.
    func declares(path: String) -> Bool {
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        guard let first = parts.first, names.contains(first) else { return false }
        return parts.count == 1 || inside(first)?.declares(path: parts[1]) ?? false
    }

    /// The object with only declared names, each in its declared spelling. Reports the ignored names.
    ///
    /// - Throws: ``ValidationError/Code/ambiguous`` if a name occurs in two spellings, since the reader must not guess
    ///   which one counts; ``ValidationError/Code/unknownField`` if an undeclared name is meant to limit what is sent.
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

    /// The fault of a name that occurs twice in a body or a query, in one spelling or in two.
    public static func twice(_ name: String, at place: String) -> ValidationError {
        ValidationError(.ambiguous, field: place, "\(name) stands there twice, in one spelling or in two: send it once")
    }

    /// A name without the differences that its spellings may have. Letters beyond ASCII stay as they are.
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

/// The undeclared names of a request, for the header field `gatehouse-ignored`: only names, in printable ASCII, and
/// bounded.
public struct IgnoredNames: Sendable {
    /// The maximum length of a reported name, in bytes. Each of the gateway's own secrets is longer, also a session's
    /// token and the MD5 of a password.
    static let longestName = 31
    /// The maximum length of all reported names, in bytes.
    static let longestText = 480

    private var told: [String] = []
    private var seen: Set<String> = []
    private var bytes = 0
    private var untold = 0

    /// No names.
    public init() {}

    /// Reports a name, inside of another one if there is a `path`. An empty or a long name is only counted: it may be a
    /// value in the wrong place. Every occurrence of such a name is counted, because the name is not kept and so not
    /// recognized again.
    public mutating func note(_ name: String, within path: String = "") {
        guard !name.isEmpty, name.utf8.count <= Self.longestName else { return noteNameless() }
        let text = path.isEmpty ? Self.encoded(name) : "\(path).\(Self.encoded(name))"
        if seen.contains(text) { return }
        guard bytes + text.utf8.count <= Self.longestText else { return noteNameless() }
        seen.insert(text)
        told.append(text)
        bytes += text.utf8.count + 2
    }

    /// Counts an ignored name without reporting it.
    public mutating func noteNameless() { untold += 1 }

    /// A caller's name for a sentence: in printable ASCII, shortened if it is long.
    static func shown(_ name: String) -> String {
        name.utf8.count > longestName ? encoded(name, upTo: longestName) + "…" : encoded(name)
    }

    /// Whether nothing was ignored.
    public var isEmpty: Bool { told.isEmpty && untold == 0 }

    /// The field's value, `sort, authentication.realm, (2 more)`; nil if nothing was ignored.
    public var text: String? {
        let more = untold == 0 ? [] : ["(\(untold) more)"]
        return isEmpty ? nil : (told + more).joined(separator: ", ")
    }

    /// A name with percent-encoding for every character that is not plain in a list of names.
    private static func encoded(_ name: String, upTo bytes: Int = .max) -> String {
        name.utf8.prefix(bytes).map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: String(UnicodeScalar(byte))
            default: "_-.$@:[]".utf8.contains(byte) ? String(UnicodeScalar(byte)) : "%" + Hex.text([byte]).uppercased()
            }
        }.joined()
    }
}
