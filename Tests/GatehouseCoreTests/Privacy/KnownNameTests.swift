import Testing

@testable import GatehouseCore

/// A known name is known with its sort of value: a value of another sort is judged as under an unknown name.
@Suite struct KnownNameTests {
    /// Values of every JSON sort, which no contract has under a known name unless it is named below.
    // swift-format-ignore
    private static let values: [(what: String, value: JSON)] = [
        ("text",     "Ana Reis"), ("quotation", "PIN 1234"), ("long word", "badge_4711"), ("digits", "0012345678"),
        ("number",   471_100_112_233), ("small number", 4711), ("truth value", true),
        ("object",   ["any": "Ana Reis"]), ("objects", [["any": "Ana Reis"]]),
        ("texts",    ["Ana Reis", "PIN 1234"]), ("words", ["card", "Ana"]), ("numbers", [4711, 12]),
        ("mixture",  [["any": "x"], "badge 4711"]), ("empty list", []),
    ]

    /// The values of the contracts under the names of each sort, by the words for the values above.
    private static func fitting(_ sort: ValueSort) -> Set<String> {
        switch sort {
        case .objects: ["object", "objects", "empty list"]
        case .flag: ["truth value"]
        case .measure: ["small number"]
        case .time: ["number", "small number"]
        case .word, .wordOrUUID, .oneOf: []
        case .wordOrMeasure: ["small number"]
        case .identifier: ["long word", "digits", "number", "small number"]
        case .name: ["text", "quotation", "long word", "digits"]
        case .lettered: ["text", "quotation", "long word"]
        case .objectsOrMeasure: ["object", "objects", "empty list", "small number"]
        case .words: ["words", "empty list"]
        case .measures: ["numbers", "empty list"]
        case .identifiers: ["numbers", "words", "empty list"]
        }
    }

    private static let names = KnownNames.table.flatMap { row in row.names.map { (name: $0, sort: row.sort) } }

    /// Names that are known by the word before them, or by their place.
    // swift-format-ignore
    private static let placed: [(name: String, sort: ValueSort, kind: Kind, path: [String])] = [
        ("doorName", .name,       .accessGranted,  []), ("panelId",  .identifier,  .accessGranted, []),
        ("personId", .identifier, .accessGranted,  []), ("groupIds", .identifiers, .accessGranted, []),
        ("name",     .name,       .deviceUpdated,  []), ("number",   .identifier,  .deviceUpdated, []),
        ("address",  .identifier, .controllerAdded, []), ("ip",      .identifier,  .panelConnected, []),
        ("name",     .name,       .accessGranted,  ["reader"]), ("number", .identifier, .accessGranted, ["door"]),
        ("code",     .identifier, .accessGranted,  ["shift"]),
    ]

    @Test(arguments: names.indices) func valueOfAnotherSortCountsAsUnnamed(_ place: Int) {
        let (name, sort) = Self.names[place]
        for inside in [[], ["prevState"], ["metadata", "body"], ["reader"], ["neverHeardOf"]] {
            expect(name, sort, of: .accessGranted, in: inside)
        }
    }

    @Test(arguments: placed.indices) func valueKnownByItsPlaceNeedsItsSort(_ place: Int) {
        let (name, sort, kind, path) = Self.placed[place]
        expect(name, sort, of: kind, in: path)
    }

    private func expect(_ name: String, _ sort: ValueSort, of kind: Kind, in path: [String]) {
        for (what, value) in Self.values {
            // Under the name of a thing an object's own members are judged, even if the name is known.
            let isThing = KnownFields.isJudgedWithin(name, value, in: .event)
            let isKnown = isThing || Self.fitting(sort).contains(what)
            let words = NameWords.split(name)
            for level in PrivacyLevel.allCases {
                let left = Self.left(of: name, value, at: level, of: kind, in: path)
                let unknown = Self.isShownByOtherLists(words, value, at: level, of: kind, in: path)
                let said: Comment = "\(name) of \(kind.name) in \(path): \(what) at \(level)"
                #expect((left != nil) == (isKnown || unknown), said)
                if level == .noPersons, ["object", "objects"].contains(what) {
                    #expect(left?.compact.contains("Ana") != true, said)
                }
            }
        }
    }

    /// The judgement of the lists for unknown names about a value; written from docs/privacy.md.
    private static func isShownByOtherLists(
        _ words: [String], _ value: JSON, at level: PrivacyLevel, of kind: Kind, in path: [String]
    ) -> Bool {
        if level == .everything { return true }
        if level == .noPersons { return false }
        let speaks = CredentialWords.stand(in: words) || CredentialWords.isWhole(words)
        if speaks, !ValueExcuse(under: words).excuses(value) { return false }
        return !["quotation", "long word", "texts", "mixture"].contains { what in
            values.first { $0.what == what }?.value == value
        }
    }

    private static func left(
        of name: String, _ value: JSON, at level: PrivacyLevel, of kind: Kind, in path: [String]
    ) -> JSON? {
        var inner: JSON = .object(JSONObject([.init(name, value)]))
        for step in path.reversed() { inner = .object(JSONObject([.init(step, inner)])) }
        var left: JSON? = JSONObject([.init("details", inner)]).redacted(to: level, of: kind)["details"]
        // An object under an unknown name is withheld as a whole at level 2; at lower levels its members are judged one
        // by one.
        if path == ["neverHeardOf"], level == .noPersons {
            left = JSON.object(
                OpenFields(kind: kind, level: level).redacted(JSONObject([.init(name, value)]), in: .other))
        } else {
            for step in path { left = left?[step] }
        }
        return left?[name]
    }

    // MARK: Sorts

    @Test(
        arguments: [
            ("2022-08-28", true), ("2022-08-28T17:36", true), ("2022-08-28 17:36:59", true),
            ("2022-08-28T17:36:59.540351Z", true), ("2022-08-28T17:36:59-0300", true), ("YYYY-MM-DDThh:mm:ss", true),
            ("4711-47-11", false), ("2022-08-28T", false), ("2022-08-28T17", false), ("PIN 1234", false),
            ("2022-08-28T17:36:59.0123456789", false), ("20220828", false), ("2022-08-28Tbadge", false), ("", false),
        ])
    func aTimeIsWrittenAsOne(_ text: String, _ isTime: Bool) {
        #expect(TimeShape.fits(text) == isTime, "\(text)")
    }

    @Test func fieldOfABlockHasTheBlocksSort() {
        let inside: JSON = [
            "person": ["id": ["pin": 4711], "neverHeardOf": 1],
            "punch": ["shift": "PIN 1234", "punched_at": "PIN 1234"],
            "visit": ["scheduleId": ["a": "b"], "checkedInAt": ["Ana"]],
        ]
        let left = JSONObject([.init("details", inside)]).redacted(to: .noPersons, of: .accessGranted)["details"]
        #expect(left == ["person": [:], "punch": [:], "visit": [:]])
        let block = JSONObject([.init("organization", ["id": "o", "parent": "PIN 1234", "themes": "badge 4711"])])
        #expect(block.redacted(to: .noPersons, of: .organizationUpdated)["organization"] == ["id": "o"])
    }
}
