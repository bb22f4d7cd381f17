/// Splits the name of a field into its words, so that a rule for a word holds for every way of joining it to others.
enum NameWords {
    /// The words in lower case. A name is split at changes of case, between digits and letters, and at everything that
    /// is neither: `QRCode` is qr, code; `userPINs` is user, pins; `card-number_2` is card, number, 2.
    static func split(_ name: String) -> [String] { split(folded(name), isCapitalWhole: false) }

    /// The possible readings of a name. In `PINcode` the capitals are a word of their own, in `QRCode` the last of them
    /// begins another word, and only a reader who knows the words can decide.
    static func readings(of name: String) -> [[String]] {
        let scalars = folded(name)
        let usual = split(scalars, isCapitalWhole: false)
        let hasBoth = scalars.indices.dropFirst(2).contains {
            Sort(scalars[$0]) == .lower && Sort(scalars[$0 - 1]) == .upper && Sort(scalars[$0 - 2]) == .upper
        }
        return hasBoth ? [usual, split(scalars, isCapitalWhole: true)] : [usual]
    }

    private static func split(_ scalars: [Unicode.Scalar], isCapitalWhole: Bool) -> [String] {
        var words: [String] = []
        var word = ""
        var before = Sort.other
        for (place, scalar) in scalars.enumerated() {
            let sort = Sort(scalar)
            switch (before, sort) {
            case (_, .other), (.other, _), (.lower, .upper), (.digit, .lower), (.digit, .upper), (.lower, .digit),
                (.upper, .digit):
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            case (.upper, .lower) where word.unicodeScalars.count > 1 && !isPlural(scalars, place):
                // The last capital belongs to the next word: QRC·ode is QR·Code.
                let capital = isCapitalWhole ? "" : String(word.removeLast())
                words.append(word.lowercased())
                word = capital
            case (.upper, .lower), (.upper, .upper), (.lower, .lower), (.digit, .digit): break
            }
            if sort != .other { word.unicodeScalars.append(scalar) }
            before = sort
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }

    /// The plain letters and digits of a name: a wide, enclosed, mathematical or joined letter becomes the plain one
    /// that it is compatible with (Unicode, UAX 15), and invisible characters are dropped. `ＰＩＮ` is PIN.
    private static func folded(_ name: String) -> [Unicode.Scalar] {
        if name.utf8.allSatisfy({ $0 < 0x80 }) { return Array(name.unicodeScalars) }
        return name.unicodeScalars.flatMap { scalar -> [Unicode.Scalar] in
            let properties = scalar.properties
            if properties.isDefaultIgnorableCodePoint || properties.generalCategory == .nonspacingMark { return [] }
            return CompatibleLetters.plain(scalar)
        }
    }

    /// A word without the `s` of a plural, if it may be one.
    static func singular(_ word: String) -> String {
        word.hasSuffix("s") && word.utf8.count > 2 ? String(word.dropLast()) : word
    }

    /// Whether the lower-case letter there is the plural `s` of capitals: PINs.
    private static func isPlural(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        guard scalars[place] == "s" else { return false }
        return place + 1 == scalars.count || Sort(scalars[place + 1]) != .lower
    }

    private enum Sort {
        case lower, upper, digit, other

        init(_ scalar: Unicode.Scalar) {
            switch scalar {
            case "a"..."z": self = .lower
            case "A"..."Z": self = .upper
            case "0"..."9": self = .digit
            case _ where scalar.isASCII: self = .other
            case _ where scalar.properties.isUppercase: self = .upper
            case _ where scalar.properties.isAlphabetic: self = .lower
            default: self = scalar.properties.numericType == nil ? .other : .digit
            }
        }
    }
}
