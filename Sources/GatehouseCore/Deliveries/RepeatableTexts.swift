internal import HTTPTypes

/// The texts of a subscription's requests that nobody below a manager may read. A receiver may repeat them in what it
/// answers, where they are found again and hidden.
public struct RepeatableTexts: Sendable {
    /// A shorter text is found everywhere, and guessed as well.
    private static let shortest = 4
    /// A part of a path or a query that is shorter than this is a word and no token.
    private static let shortestPart = 8

    /// How much of an answer is kept, in bytes: dots may be longer than what they stand for.
    private static let longestExcerpt = 1024

    /// The longest first, so that no part of one is left over.
    private let texts: [[UInt8]]
    /// Whether a text begins with a byte.
    private let begins: [Bool]

    /// Finds them in terms.
    init(_ terms: Terms) {
        var found = terms.headers.map(\.value)
        found += [terms.secret, terms.outgoing?.secret].compactMap { $0?.revealed }
        switch terms.authentication {
        case .none: break
        case .basic(let user, let password): found += [user, password.revealed]
        case .bearer(let token): found.append(token.revealed)
        }
        if let proof = terms.authentication.field?.value.split(separator: " ").last { found.append(String(proof)) }
        let target = terms.url.requestTarget
        found.append(target)
        found += target.split { "/?&=".contains($0) }.filter { $0.utf8.count >= Self.shortestPart }.map(String.init)
        // As it stands in an answer of JSON, too: quoted, and by some writers with every slash escaped.
        let quoted = found.map { String(JSON.string($0).compact.dropFirst().dropLast()) }
        let escaped = quoted.map { $0.replacing("/", with: "\\/") }
        let texts = Set(found + quoted + escaped).map { Array($0.utf8) }.filter { $0.count >= Self.shortest }
        self.texts = texts.sorted { $0.count > $1.count }
        var begins = [Bool](repeating: false, count: 256)
        for text in texts { begins[Int(text[0])] = true }
        self.begins = begins
    }

    /// The bytes with dots for each of the texts, and for the beginning of one at the end: there the answer was cut.
    func hidden(in bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= Self.shortest, !texts.isEmpty else { return bytes }
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if begins[Int(bytes[place])], let text = texts.first(where: { stands($0, in: bytes[place...]) }) {
                kept += Array(Mask.text.utf8)
                place += min(text.count, bytes.count - place)
            } else {
                kept.append(bytes[place])
                place += 1
            }
        }
        return Array(kept.prefix(Self.longestExcerpt))
    }

    private func stands(_ text: [UInt8], in rest: ArraySlice<UInt8>) -> Bool {
        rest.starts(with: text) || (Self.shortest..<text.count).contains(rest.count) && text.starts(with: rest)
    }
}

extension Outcome {
    /// The outcome as it may be kept: where the receiver repeats what lets somebody in, there are dots.
    public func hiding(_ texts: RepeatableTexts) -> Outcome {
        guard case .answered(let answer) = self, !answer.excerpt.isEmpty else { return self }
        return .answered(
            answer.with(texts.hidden(in: answer.excerpt)))
    }
}
