internal import NIOCore

/// The name by which a request calls the gateway: `uri-host [ ":" port ]` (RFC 9112, section 3.2).
///
/// It is checked so that an invalid one is refused. The gateway never writes it anywhere.
enum HostField {
    /// Says whether a text is a host with an optional port.
    ///
    /// The grammar allows an empty host; the schemes http and https do not (RFC 9110, section 4.2.1).
    static func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let literal = String(decoding: bytes[1..<end], as: UTF8.self)
            return isAddress(literal) && isPort(bytes[(end + 1)...])
        }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
        return colon > 0 && isName(bytes[..<colon]) && isPort(bytes[colon...])
    }

    /// The text between brackets (RFC 3986, section 3.2.2): an IPv6 address, or an address of a future version.
    private static func isAddress(_ text: String) -> Bool {
        if let first = text.utf8.first, first | 0x20 == UInt8(ascii: "v") {
            let parts = text.dropFirst().split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
            return parts[0].utf8.allSatisfy(isHex) && parts[1].utf8.allSatisfy { isPlain($0) || $0 == colon }
        }
        guard text.utf8.contains(colon), case .v6(_)? = try? SocketAddress(ipAddress: text, port: 0) else {
            return false
        }
        return text.utf8.allSatisfy { isHex($0) || $0 == colon || $0 == UInt8(ascii: ".") }
    }

    /// A registered name: unreserved characters, sub-delims and escapes.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        var place = bytes.startIndex
        while place < bytes.endIndex {
            if bytes[place] == UInt8(ascii: "%") {
                guard place + 2 < bytes.endIndex, isHex(bytes[place + 1]), isHex(bytes[place + 2]) else { return false }
                place += 3
            } else {
                guard isPlain(bytes[place]) else { return false }
                place += 1
            }
        }
        return true
    }

    /// Nothing, or a colon and at most five digits. No digits mean the scheme's own port.
    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return true }
        let digits = bytes.dropFirst()
        guard first == colon, digits.count <= 5 else { return false }
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return false }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number <= 65_535
    }

    private static let colon = UInt8(ascii: ":")

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
