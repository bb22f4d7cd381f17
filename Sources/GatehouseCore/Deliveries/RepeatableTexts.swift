internal import HTTPTypes

/// The texts in a subscription's requests that only its managers may read. A receiver may repeat them in its answer,
/// where they are found and hidden.
public struct RepeatableTexts: Sendable {
    /// A shorter text would be found everywhere, and is easily guessed.
    private static let shortest = 4
    /// A shorter part of a path or a query is a word and not a token.
    private static let shortestPart = 8

    /// The maximum stored length of an answer, in bytes: dots may be longer than the text that they replace.
    private static let longestExcerpt = 1024

    /// The longest first, so that no rest of a longer one stays.
    private let texts: [[UInt8]]
    /// Whether some text begins with this byte.
    private let begins: [Bool]

    /// Collects the texts of terms.
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
        // Also as it appears in a JSON answer: quoted, and by some writers with every slash escaped.
        let quoted = found.map { String(JSON.string($0).compact.dropFirst().dropLast()) }
        let escaped = quoted.map { $0.replacing("/", with: "\\/") }
        let texts = Set(found + quoted + escaped).map { Array($0.utf8) }.filter { $0.count >= Self.shortest }
        self.texts = texts.sorted { $0.count > $1.count }
        var begins = [Bool](repeating: false, count: 256)
        for text in texts { begins[Int(text[0])] = true }
        self.begins = begins
    }

    /// The bytes with dots for each of the texts, and for the beginning of one at the end, where the answer was cut.
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
    /// The outcome in a form that may be stored: dots replace secrets that the receiver repeated.
    public func hiding(_ texts: RepeatableTexts) -> Outcome {
        guard case .answered(let answer) = self, !answer.excerpt.isEmpty else { return self }
        return .answered(
            answer.with(texts.hidden(in: answer.excerpt)))
    }
}
