internal import GatehouseCore

/// Reads percent-encoded text (RFC 3986 section 2.1), in paths, queries and CloudEvents' headers.
enum PercentEncoding {
    /// The decoded text; nil if an escape is not two hexadecimal digits or the bytes are not UTF-8.
    static func decode(_ text: some StringProtocol) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let encoded = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count)
        var place = 0
        while place < encoded.count {
            guard encoded[place] == UInt8(ascii: "%") else {
                bytes.append(encoded[place])
                place += 1
                continue
            }
            guard place + 2 < encoded.count,
                let byte = Hex.bytes(String(decoding: encoded[place + 1...place + 2], as: UTF8.self))
            else { return nil }
            bytes.append(contentsOf: byte)
            place += 3
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
