import GatehouseCore
import Testing

/// Which names of a vendor's request are accepted, in which spellings, and how the others are reported in the answer.
@Suite struct DeclaredNamesTests {
    private static let names = DeclaredNames(
        ["secrecyLevel", "page_number", "doors", "authentication"],
        inside: ["doors": ["serverId"], "authentication": ["user"]])

    private func read(_ json: JSON) throws -> (object: JSON, ignored: String?) {
        var ignored = IgnoredNames()
        let object = try Self.names.read(json.object ?? JSONObject(), noting: &ignored)
        return (.object(object), ignored.text)
    }

    @Test(arguments: ["secrecyLevel", "SECRECYLEVEL", "secrecy_level", "Secrecy-Level", "_secrecylevel-"])
    func spellingOfANameIsAccepted(_ spelling: String) throws {
        let read = try read(.object(JSONObject([.init(spelling, 2)])))
        #expect(read.object == ["secrecyLevel": 2] && read.ignored == nil)
    }

    /// Names that look alike to people and Unicode, and differ in more than case.
    @Test(arguments: ["page.number", "page_number ", "page_numbe\u{0301}r", "page\u{FF3F}number", "", "_", "levels"])
    func anotherNameIsIgnored(_ spelling: String) throws {
        let read = try read(.object(JSONObject([.init(spelling, 2)])))
        #expect(read.object == [:] && read.ignored != nil)
    }

    /// A name that limits deliveries is never ignored: neither because of its spelling nor at another depth.
    @Test(arguments: [
        "secrecyLevel ", "secrecyLeve\u{0301}l", "\u{017F}ecrecyLevel", "secrecy.level", "privacyLevel", "privacy",
        "PRIVACY_LEVEL", "secrecyLvl", "sekrecyLevel", "privcyLevl", "рrivacyLevel", "x-secrecy", "level.of.privacy",
    ])
    func undeclaredLevelIsRefused(_ spelling: String) throws {
        let member = JSON.object(JSONObject([.init(spelling, 2)]))
        let none = DeclaredNames(["url", "doors"], inside: ["doors": ["serverId"]])
        for body: JSON in [member, ["doors": [member]], ["colour": ["deep": [member]]]] {
            for names in [Self.names, none] where body != ["secrecyLevel": 2] {
                var ignored = IgnoredNames()
                let fault = #expect(throws: ValidationError.self) {
                    try names.read(body.object ?? JSONObject(), noting: &ignored)
                }
                #expect(fault?.code == .unknownField, "\(body.compact)")
            }
        }
        let nothing = try read(.object(JSONObject([.init(spelling, .null)])))
        #expect(nothing.object == [:] && nothing.ignored != nil, "null limits nothing")
    }

    @Test(arguments: ["expiresAt", "expireAt", "Expires", "expiry", "expiration_date"])
    func undeclaredEndIsRefused(_ spelling: String) throws {
        let fault = #expect(throws: ValidationError.self) {
            try read(.object(JSONObject([.init(spelling, "2030-01-01T00:00:00Z")])))
        }
        #expect(fault?.code == .unknownField && fault?.field == spelling)
        let inside = try read(["authentication": .object(JSONObject([.init(spelling, 1)]))])
        #expect(inside.ignored == "authentication.\(spelling)", "the end of another thing is allowed")
        let declared: DeclaredNames = ["expiresAt"]
        var ignored = IgnoredNames()
        let hint = #expect(throws: ValidationError.self) {
            try declared.read(JSONObject([.init(spelling + "s", 1)]), noting: &ignored)
        }
        #expect(hint?.sentence.contains("did you mean \"expiresAt\"?") == true)
    }

    @Test(arguments: ["expire", "colour", "priceLevel", "accessLevel", "private", "secret", "secretLabel", "level"])
    func otherNamesLimitNothing(_ name: String) throws {
        let read = try read(["colour": .object(JSONObject([.init(name, 2)]))])
        #expect(read.object == [:] && read.ignored == "colour")
    }

    @Test func ignoredNameIsNotedBeforeAFault() {
        let body = JSONObject([.init("colour", 1), .init("doors", 1), .init("DOORS", 2)])
        var ignored = IgnoredNames()
        #expect(throws: ValidationError.self) {
            try Self.names.read(body, noting: &ignored)
        }
        #expect(ignored.text == "colour")
    }

    @Test func twoSpellingsAreAFaultAtTheirPlace() {
        let bodies: [(JSON, String)] = [
            (["secrecyLevel": 1, "secrecy_level": 2], "secrecyLevel"),
            (["PAGENUMBER": 1, "PageNumber": 1], "page_number"),
            (["doors": [["serverId": 1], ["serverId": 1, "serverID": 2]]], "doors.serverId"),
            (["authentication": ["user": "a", "User": "a"]], "authentication.user"),
        ]
        for (body, place) in bodies {
            #expect {
                try read(body)
            } throws: { error in
                (error as? ValidationError)?.code == .ambiguous && (error as? ValidationError)?.field == place
            }
        }
    }

    @Test func everyDepthIsReadAndOtherValuesStay() throws {
        let read = try read([
            "doors": [["server_id": 1, "door": "x"], 5, [["ServerID": 2, "door": 1]]], "authentication": "None",
            "colour": ["serverId": 1],
        ])
        #expect(read.object == ["doors": [["serverId": 1], 5, [["serverId": 2]]], "authentication": "None"])
        #expect(read.ignored == "doors.door, colour")
    }

    @Test func messageIsPrintableBoundedAndNeverAValue() throws {
        var ignored = IgnoredNames()
        for name in ["a,b", "\r\nSet-Cookie: x", "größe", "\u{0}", "a b", "(1 more)"] { ignored.note(name) }
        #expect(
            ignored.text == "a%2Cb, %0D%0ASet-Cookie:%20x, gr%C3%B6%C3%9Fe, %00, a%20b, %281%20more%29")
        ignored.note("gk_0123456789abcdef_" + String(repeating: "0", count: 64))
        ignored.note(String(repeating: "s", count: 43))
        // A session's token, and the MD5 of a password.
        ignored.note("9d2f7f5e-3f8b-4a53-9d0e-0c4b8f4d7a11")
        ignored.note("de35f883b0d91c78fc8f27b8cb827a7a")
        ignored.note("")
        #expect(ignored.text?.hasSuffix(", (5 more)") == true)
        for number in 0..<10_000 { ignored.note("name\(number)", within: "doors") }
        let text = try #require(ignored.text)
        #expect(text.utf8.count < 520 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(IgnoredNames().text == nil)
    }

    @Test func nameIsReportedOnce() {
        var ignored = IgnoredNames()
        for _ in 0..<3 { ignored.note("sort") }
        #expect(ignored.text == "sort")
        // Unreported names are counted as often as they occur.
        for _ in 0..<3 { ignored.note(String(repeating: "s", count: 32)) }
        #expect(ignored.text == "sort, (3 more)")
    }
}
