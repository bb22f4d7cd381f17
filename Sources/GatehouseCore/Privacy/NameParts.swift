/// The words of a name with their parts: their singulars, the words joined in one, and single letters that form a word.
enum NameParts {
    /// All possible meanings of a name's words.
    static func all(of words: [String]) -> Set<String> {
        var parts: Set<String> = []
        for word in words {
            parts.insert(word)
            parts.insert(NameWords.singular(word))
            parts.formUnion(joined(in: word))
        }
        for spelled in initials(of: words) { parts.insert(spelled) }
        return parts
    }

    /// The end of a name: its last word, the singular of that, and the last of the words joined in it, as pass in
    /// `guestpass`.
    static func last(of words: [String]) -> Set<String> {
        guard let word = words.last else { return [] }
        return Set([word, NameWords.singular(word)] + joined(in: word).prefix(1))
    }

    /// The words that can be cut out of a word without separators, and those of them at its end. A word of less than
    /// four letters counts only at the beginning and at the end: `userpin` has a pin, `shippingid` has none.
    static func cut(from word: String) -> (all: Set<String>, last: Set<String>) {
        let bytes = Array(word.utf8)
        var (all, last): (Set<String>, Set<String>) = ([], [])
        for place in bytes.indices {
            for known in vocabulary[bytes[place]] ?? [] where bytes[place...].starts(with: known) {
                let isAtTheEnd = place + known.count == bytes.count
                guard place == 0 || isAtTheEnd || known.count >= 4 else { continue }
                let found = String(decoding: known, as: UTF8.self)
                all.insert(found)
                if isAtTheEnd { last.insert(found) }
            }
        }
        return (all, last)
    }

    /// `p.i.n` is pin: single letters, read as one word.
    private static func initials(of words: [String]) -> [String] {
        let runs = words.split { $0.unicodeScalars.count > 1 }.filter { $0.count > 1 }
        return runs.map { $0.joined() }
    }

    /// The words that form a word without a rest, the last one first: `userpin` is pin and user, `shipping` is none.
    /// Empty if it does not consist of several words.
    private static func joined(in word: String) -> [String] {
        let bytes = Array(word.utf8)
        guard (5...40).contains(bytes.count) else { return [] }
        /// For each place that words reach from the start, the word that ends there.
        var endings: [Int: [UInt8]] = [0: []]
        for place in 0..<bytes.count where endings[place] != nil {
            for known in vocabulary[bytes[place]] ?? [] where bytes[place...].starts(with: known) {
                let end = place + known.count
                if endings[end] == nil { endings[end] = known }
            }
        }
        var end = endings[bytes.count] == nil ? bytes.count - 1 : bytes.count
        guard endings[end] != nil, end == bytes.count || bytes[end] == UInt8(ascii: "s") else { return [] }
        var found: [String] = []
        while end > 0, let known = endings[end] {
            found.append(String(decoding: known, as: UTF8.self))
            end -= known.count
        }
        return found.count > 1 ? found : []
    }

    /// The words that may be parts of others, by their first byte.
    private static let vocabulary: [UInt8: [[UInt8]]] = {
        typealias Words = CredentialWords.Vocabulary
        let pairs = Words.pairs.reduce(into: Set<String>()) { $0.formUnion($1.companions.union([$1.anchor])) }
        let all = Words.anywhere.union(Words.whole).union(Words.atTheEnd).union(Words.fillers).union(pairs)
        let bytes = all.filter { $0.utf8.count > 1 }.sorted { $0.utf8.count > $1.utf8.count }.map { Array($0.utf8) }
        return Dictionary(grouping: bytes) { $0[0] }
    }()
}
