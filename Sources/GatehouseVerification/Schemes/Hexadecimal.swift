/// Signatures in lower-case hexadecimal, so that each has one spelling.
enum Hexadecimal {
    /// Exactly this many bytes; nil for any other length and every character but `0-9a-f`.
    static func bytes(_ text: String, count: Int) -> [UInt8]? {
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x61 + 10
            default: nil
            }
        }
        guard digits.count == 2 * count else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[place], let low = digits[place + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
