internal import GatehouseCore

/// The contract's numbers of words; each word's index is its number.
enum SituatorWords {
    /// `direction`.
    static let directions = ["none", "entry", "exit"]

    /// `openingType` 0 to 14, and 15, which the vendor's schema adds.
    static let methods = [
        "none", "fingerprint", "card", "password", "control", "qr", "virtual_key", "remote", "button", "face",
        "fingerprint_card", "card_password", "card_fingerprint_password", "fingerprint_password", "passive_tag", "lpr",
    ]

    /// `subtype` of a registration.
    static let changes = ["none", "created", "updated", "deleted"]

    /// The number of a word; 0, which means none, for a missing or unknown word.
    static func index(of word: String?, in words: [String]) -> Int {
        words.firstIndex { $0 == word } ?? 0
    }
}

extension PayloadValue {
    /// The word with that number.
    func word(of words: [String]) throws(ValidationError) -> String {
        let index = try integer()
        guard (0..<Int64(words.count)).contains(index) else {
            throw ValidationError(.outOfBounds, field: path, "\(path) takes 0 to \(words.count - 1)")
        }
        return words[Int(index)]
    }

    /// Text or a whole number, as vendors write card numbers.
    func code() throws(ValidationError) -> JSON {
        guard json.text != nil || json.integer != nil else { throw wrong("text or a whole number") }
        return json
    }
}
