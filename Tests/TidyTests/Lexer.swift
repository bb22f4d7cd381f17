/// Cuts Swift into tokens: enough of the language to tell code from comments and literals, and no more.
///
/// It knows nested comments, raw and multi-line strings, interpolation (whose code it cuts as well) and regular
/// expressions between slashes.
struct Lexer {
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var lastEnd = -1
    private var tokens: [Token] = []

    /// All tokens of a text in their order; an interpolation's tokens are before the literal that contains it.
    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(text)
        lexer.code(until: nil)
        return lexer.tokens
    }

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private func byte(_ offset: Int = 0) -> UInt8? {
        place + offset < bytes.count ? bytes[place + offset] : nil
    }

    /// Cuts code to the end, or past the closing parenthesis that matches one already taken.
    private mutating func code(until closing: UInt8?) {
        var depth = 0
        while let byte = byte() {
            if let closing, byte == closing, depth == 0 {
                place += 1
                return
            }
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            next(byte)
        }
    }

    private mutating func next(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\n"):
            line += 1
            place += 1
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            place += 1
        case UInt8(ascii: "/"):
            slash()
        case UInt8(ascii: "\""):
            string(hashes: 0)
        case UInt8(ascii: "#"):
            hash()
        case UInt8(ascii: "`"):
            place += 1
        case _ where Self.isWord(byte):
            word()
        default:
            emit(.symbol, from: place, to: place + 1, line: line)
            place += 1
        }
    }

    private mutating func word() {
        let start = place
        while let byte = byte(), Self.isWord(byte) { place += 1 }
        emit(.word, from: start, to: place, line: line)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF: true
        default: false
        }
    }

    private mutating func emit(_ sort: Token.Sort, from start: Int, to end: Int, line: Int) {
        emit(sort, Array(bytes[start..<end]), line: line, isAdjacent: lastEnd == start)
        lastEnd = end
    }

    private mutating func emit(_ sort: Token.Sort, _ text: [UInt8], line: Int, isAdjacent: Bool) {
        tokens.append(
            Token(sort: sort, text: String(decoding: text, as: UTF8.self), line: line, isAdjacent: isAdjacent))
    }
}

// MARK: Comments and literals

extension Lexer {
    private mutating func slash() {
        if byte(1) == UInt8(ascii: "/") {
            let start = place
            while let byte = byte(), byte != UInt8(ascii: "\n") { place += 1 }
            emit(.comment, from: start, to: place, line: line)
        } else if byte(1) == UInt8(ascii: "*") {
            blockComment()
        } else if !regularExpression() {
            emit(.symbol, from: place, to: place + 1, line: line)
            place += 1
        }
    }

    private mutating func blockComment() {
        let start = place
        let first = line
        var depth = 0
        repeat {
            if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                depth += 1
                place += 2
            } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                depth -= 1
                place += 2
            } else {
                if byte() == UInt8(ascii: "\n") { line += 1 }
                place += 1
            }
        } while depth > 0 && place < bytes.count
        emit(.comment, from: start, to: min(place, bytes.count), line: first)
    }

    /// Takes `/…/` where a value may begin, and returns whether there was one.
    private mutating func regularExpression() -> Bool {
        let before = tokens.last { $0.sort != .comment }
        let mayBegin = before.map { $0.sort == .symbol && "(,=:[{&|?!;".contains($0.text) } ?? false
        guard mayBegin, let first = byte(1), first != UInt8(ascii: " ") else { return false }
        var end = place + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
            if bytes[end] == UInt8(ascii: "/") {
                emit(.literal, from: place + 1, to: end, line: line)
                place = end + 1
                return true
            }
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        return false
    }

    private mutating func hash() {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        if byte(hashes) == UInt8(ascii: "\"") {
            place += hashes
            string(hashes: hashes)
        } else {
            emit(.symbol, from: place, to: place + 1, line: line)
            place += 1
        }
    }

    /// Takes a string from its opening mark on; `hashes` marks precede it.
    private mutating func string(hashes: Int) {
        let first = line
        let isLong = byte(1) == UInt8(ascii: "\"") && byte(2) == UInt8(ascii: "\"")
        let close = Array(repeating: UInt8(ascii: "\""), count: isLong ? 3 : 1) + Self.hashes(hashes)
        let escape = [UInt8(ascii: "\\")] + Self.hashes(hashes)
        place += isLong ? 3 : 1
        var content: [UInt8] = []
        while let byte = byte(), !stands(close) {
            if stands(escape) {
                place += escape.count
                let escaped = self.byte()
                place += 1
                if escaped == UInt8(ascii: "(") { code(until: UInt8(ascii: ")")) }
                if escaped == UInt8(ascii: "\n") { line += 1 }
            } else {
                if byte == UInt8(ascii: "\n") { line += 1 }
                content.append(byte)
                place += 1
            }
        }
        place += close.count
        emit(.literal, content, line: first, isAdjacent: false)
    }

    private static func hashes(_ count: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "#"), count: count) }

    private func stands(_ mark: [UInt8]) -> Bool {
        place + mark.count <= bytes.count && bytes[place..<(place + mark.count)].elementsEqual(mark)
    }
}
