internal import FoundationEssentials

/// Parses the text of a URL, and reports what is wrong with it.
struct URLReader {
    private let text: String

    init(_ text: String) {
        self.text = text
    }

    /// The URL. A host beyond ASCII is replaced by its ASCII form, in the text as well, so that the stored and shown
    /// URL is the one that is used.
    func url() throws(TargetURL.Flaw) -> TargetURL {
        try checkBytes()
        guard let mark = text.firstRange(of: "://") else { throw .noScheme }
        let word = text[..<mark.lowerBound].lowercased()
        guard let scheme = TargetURL.Scheme(rawValue: word) else { throw .unknownScheme(meant: Self.meant(by: word)) }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        guard !rest[end...].contains("#") else { throw .fragment }
        guard rest[end...].utf8.allSatisfy({ $0 < 0x80 }) else { throw .foreignPath }
        guard !rest[..<end].contains("@") else { throw .user }
        let written = rest[..<end]
        guard written.utf8.contains(where: { $0 >= 0x80 }) else {
            return TargetURL(text, scheme, try URLAuthority(written), target: rest[end...])
        }
        let plain = try Self.plain(written)
        let whole = text[..<mark.upperBound] + plain + rest[end...]
        guard whole.utf8.count <= TargetURL.longest else { throw .tooLong }
        return TargetURL(String(whole), scheme, try URLAuthority(plain[...]), target: rest[end...])
    }

    private func checkBytes() throws(TargetURL.Flaw) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= TargetURL.longest else { throw .tooLong }
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace { throw .blank }
            if scalar.properties.generalCategory == .control { throw .control }
            if scalar == "\\" { throw .backslash }
        }
    }

    private static func meant(by word: String) -> String? {
        Nearest.word(to: word, among: TargetURL.Scheme.allCases.map(\.rawValue))
    }

    /// Host and port with the host in its ASCII form. Foundation has the tables of UTS 46; in a program linked without
    /// them the host stays as it is, and is refused.
    private static func plain(_ written: Substring) throws(TargetURL.Flaw) -> String {
        let end = written.lastIndex(of: ":") ?? written.endIndex
        guard let name = URL(string: "https://\(written[..<end])/")?.host(percentEncoded: false), !name.isEmpty,
            name.utf8.allSatisfy(URLAuthority.isInName)
        else { throw .internationalName }
        return name + written[end...]
    }
}

/// The part of a URL between `//` and the path: only host and port.
struct URLAuthority {
    /// The host, in lower case, without brackets.
    let host: String
    /// Whether it has brackets.
    let isBracketed: Bool
    /// The port; nil if there is none.
    let port: Int?

    init(_ text: Substring) throws(TargetURL.Flaw) {
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { throw .brackets }
            let inside = text[text.index(after: text.startIndex)..<close]
            guard !inside.contains("%") else { throw .zone }
            guard !inside.isEmpty, inside.utf8.allSatisfy(Self.isInAddress) else { throw .brackets }
            self.host = inside.lowercased()
            self.isBracketed = true
            self.port = try Self.port(text[text.index(after: close)...])
        } else {
            let end = text.firstIndex(of: ":") ?? text.endIndex
            let name = text[..<end]
            // `127.0.0.1:80:80` has a port too many: the first group of an IPv6 address never has a dot or five digits.
            let mayBeGroup = name.utf8.count <= 4 && !name.contains(".")
            if mayBeGroup, text[end...].dropFirst().contains(":"), text.utf8.allSatisfy(Self.isInAddress) {
                throw .bareAddress
            }
            guard !name.isEmpty else { throw .noHost }
            guard name.utf8.allSatisfy(Self.isInName) else { throw .hostCharacter }
            guard name.utf8.count <= 253 else { throw .longHost }
            self.host = name.lowercased()
            self.isBracketed = false
            self.port = try Self.port(text[end...])
        }
    }

    /// Reads an empty text or `:8080`.
    private static func port(_ text: Substring) throws(TargetURL.Flaw) -> Int? {
        if text.isEmpty { return nil }
        let digits = text.dropFirst()
        guard text.first == ":", !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .portIsNoNumber
        }
        let number = digits.drop { $0 == "0" }
        guard !number.isEmpty else { throw .portZero }
        guard digits.utf8.count <= 5, let port = Int(number), port <= 65_535 else { throw .portBeyondRange }
        return port
    }

    /// Whether a byte is allowed in a name.
    static func isInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isInAddress(_ byte: UInt8) -> Bool {
        Hex.value(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
