/// Letters and digits that look different and mean a plain one: the compatible forms of ASCII (Unicode, UAX 15, NFKC).
enum CompatibleLetters {
    /// The plain letters for a letter; itself if there are none.
    static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        let value = scalar.value
        if let joined = joined[value] { return Array(joined.unicodeScalars) }
        if let run = runs.first(where: { $0.place.contains(value) }) {
            return [ascii(run.plain, at: Int(value - run.place.lowerBound))]
        }
        return [scalar]
    }

    private static func ascii(_ alphabet: [Unicode.Scalar], at place: Int) -> Unicode.Scalar {
        alphabet[place % alphabet.count]
    }

    private static let capitals = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars)
    private static let small = Array("abcdefghijklmnopqrstuvwxyz".unicodeScalars)
    private static let digits = Array("0123456789".unicodeScalars)

    // swift-format-ignore
    /// The ranges of such letters, with the alphabet that each repeats.
    private static let runs: [(place: ClosedRange<UInt32>, plain: [Unicode.Scalar])] = [
        (0xFF10...0xFF19,   digits),           (0xFF21...0xFF3A,   capitals), (0xFF41...0xFF5A,   small),
        (0x24B6...0x24CF,   capitals),         (0x24D0...0x24E9,   small),    (0x1F110...0x1F129, capitals),
        (0x1F130...0x1F149, capitals),         (0x1F150...0x1F169, capitals), (0x1F170...0x1F189, capitals),
        (0x249C...0x24B5,   small),            (0x1D400...0x1D6A3, capitals + small), (0x1D7CE...0x1D7FF, digits),
        (0x2080...0x2089,   digits),           (0x2074...0x2079,   ["4", "5", "6", "7", "8", "9"]),
        (0x1FBF0...0x1FBF9, digits),
    ]

    // swift-format-ignore
    /// Single letters outside the ranges, and ligatures of several letters.
    private static let joined: [UInt32: String] = [
        0x210E: "h", 0x212C: "B", 0x2130: "E", 0x2131: "F", 0x210B: "H", 0x2110: "I", 0x2112: "L", 0x2133: "M",
        0x211B: "R", 0x212F: "e", 0x210A: "g", 0x2134: "o", 0x212D: "C", 0x210C: "H", 0x2111: "I", 0x211C: "R",
        0x2128: "Z", 0x2102: "C", 0x210D: "H", 0x2115: "N", 0x2119: "P", 0x211A: "Q", 0x211D: "R", 0x2124: "Z",
        0x2113: "l", 0x00AA: "a", 0x00BA: "o", 0x00B2: "2", 0x00B3: "3", 0x00B9: "1", 0x2070: "0", 0x2071: "i",
        0x207F: "n", 0x017F: "s", 0x2116: "No", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi",
        0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    ]
}
