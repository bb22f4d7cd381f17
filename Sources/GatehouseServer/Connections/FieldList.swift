/// Reads a header field that is a list: members separated by commas, in one line or several (RFC 9110, section 5.6.1).
enum FieldList {
    /// The members in lower case, without surrounding blanks; empty members are ignored.
    static func members(of lines: [String]) -> [String] {
        lines.flatMap { $0.split(separator: ",") }.compactMap { member in
            let front = member.drop { isBlank($0) }
            guard let end = front.lastIndex(where: { !isBlank($0) }) else { return nil }
            return front[...end].lowercased()
        }
    }

    private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
}
