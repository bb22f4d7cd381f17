import Testing

@testable import GatehouseCore

/// The class of every name that no block knows, tested by what remains of an event.
@Suite struct OpenFieldTests {
    /// From which level on a member of `details` is withheld; 3 for never.
    private static func level(
        _ name: String, _ value: JSON = "x9", of kind: Kind = .accessGranted, inside path: [String] = []
    ) -> Int {
        var inner: JSON = .object(JSONObject([.init(name, value)]))
        for step in path.reversed() { inner = .object(JSONObject([.init(step, inner)])) }
        let data = JSONObject([.init("details", inner)])
        let first = PrivacyLevel.allCases.first { level in
            var left: JSON? = data.redacted(to: level, of: kind)["details"]
            for step in path { left = left?[step] }
            return left?[name] != value
        }
        return first?.rawValue ?? 3
    }

    @Test(
        arguments: [
            "CardNumber", "Pin", "pinCode", "badge", "accessCode", "credentialNumber", "card_id", "PINs", "userPINCode",
            "QRCode", "qr-content", "badge.id", "passCode", "passwords", "API key", "authToken",
            "client secret", "fingerprints", "wiegand26", "Wiegand 34", "licencePlate", "PLATE_NUMBER", "faceTemplate",
            "face_image", "primary_face_image_url", "number", "Numbers", "code", "value", "VALUES", "template", "face",
            "facilityCode", "siteCode", "doorCode", "masterCode", "cardnumber", "PINCODE", "keyNumber", "passwd",
            "duressPin", "fob", "RFID", "cards", "tokens", "credentials", "fingerTemplate",
            "userCode", "person_code", "residentCodes", "tenantCode", "memberCode", "ownerCode", "holderCode",
            "alarmCode", "panicCode", "armCode", "disarmCode",
        ])
    func aCredentialWordIsClassC(_ name: String) {
        #expect(Self.level(name) == 1)
        #expect(Self.level(name, 4711) == 1)
        #expect(Self.level(name, [["x": "y"]]) == 1, "the whole object is withheld")
        #expect(Self.level(name, ["x": true]) == 1)
        #expect(Self.level(name, true) == 2 && Self.level(name, false) == 2, "a boolean reveals nothing")
        for wrapper in ["prevState", "newState", "metadata", "body", "neverHeardOf"] {
            #expect(Self.level(name, inside: [wrapper]) == 1)
        }
    }

    @Test(
        arguments: [
            "shipping", "spinner", "cardinal", "discard", "encoder", "barcoder", "opinion", "plated",
            "postalCode", "errorCode", "countryCode", "statusCode", "zipCode", "serialNumber", "employeeNumber",
            "batteryValue", "faceCount", "address", "ip",
            "name", "resident", "nickname", "photo", "email", "holderName", "nationalId", "person",
        ])
    func aWordIsNeverAPartOfOneAndAllElseIsClassP(_ name: String) {
        #expect(Self.level(name) == 2)
    }

    @Test(
        arguments: [
            ("cardFormat", "26 bit H10301"), ("CARD_FORMAT", "x"), ("useBluetoothCredentials", true),
            ("doorName", "Lobby 2"), ("door_name", "4"), ("ioLinkName", "x"), ("groupName", "x"), ("ruleName", "x"),
            ("osdpAddress", 1), ("wirelessAddress", "0f:1b"), ("panelId", "1070000"), ("person_id", 31),
            ("userId", "5f92b1682633360001cd3a4f"), ("cardReaderId", "r-1"), ("id", "x9"), ("readerType", "touch"),
            ("inputTypes", ["wiegand", "encryptedOsdp"]), ("state", "U"), ("batteryLevel", 3), ("accountId", 1000),
            ("attendance_date", "2022-08-28"), ("credentialId", "c-1"), ("reader", ["state": "U"]), ("reader", .null),
            ("activeDate", "YYYY-MM-DDThh:mm:ss"), ("occurred", 1_646_914_071_461), ("floors", [1, 2]),
            ("created_at", "2022-08-28T17:36:59.540351Z"), ("time", "2022-08-28T17:36:59+01:00"),
        ] as [(String, JSON)])
    func whatIsKnownOfThingsIsInNoClass(_ name: String, _ value: JSON) {
        #expect(Self.level(name, value) == 3)
        #expect(Self.level(name, value, inside: ["prevState"]) == 3)
    }

    // swift-format-ignore
    private static let placed: [(name: String, kind: Kind, path: [String], level: Int)] = [
        ("name",    .deviceUpdated,       [],              3), ("name",    .deviceUpdated,   ["prevState"], 3),
        ("name",    .intercomCreated,     [],              3), ("name",    .panelUpdated,    [],            3),
        ("name",    .accessGranted,       [],              2), ("name",    .accessGranted,   ["reader"],    3),
        ("name",    .deviceUpdated,       ["person"],      2), ("name",    .personUpdated,   ["newState"],  2),
        ("number",  .deviceUpdated,       ["newState"],    3), ("number",  .callIncoming,    [],            1),
        ("number",  .accessGranted,       ["door"],        3), ("code",    .accessGranted,   ["shift"],     3),
        ("code",    .accessGranted,       ["door"],        1), ("code",    .deviceUpdated,   [],            1),
        ("address", .controllerAdded,     [],              3), ("address", .personUpdated,   [],            2),
        ("address", .accessGranted,       [],              2), ("address", .deviceUpdated,   ["person"],    2),
        ("ip",      .panelConnected,      [],              3), ("ip",      .loginFailed,     [],            2),
        ("plate",   .accessGranted,       ["vehicle"],     2), ("plate",   .accessGranted,   [],            1),
        ("code",    .accessGranted,       ["occurrence"],  3), ("email",   .accessGranted,   ["user"],      2),
        ("errorMessage", .cardParseFailed, [],             1), ("text",    .accessGranted,   [],            1),
        ("description",  .deviceUpdated,   [],             1), ("last_error", .deviceBooted, [],            1),
    ]

    @Test(arguments: placed.indices) func placeOfAFieldCounts(_ place: Int) {
        let (name, kind, path, level) = Self.placed[place]
        #expect(Self.level(name, of: kind, inside: path) == level, "\(name) of \(kind.name) in \(path)")
    }

    /// An object that has a block's name is judged by that block, but not if the name is about a credential.
    @Test(arguments: ["passwordUser", "cards.user", "pin_holder", "badgeReader", "tokensOfPanel"])
    func objectUnderACredentialWordIsWithheldWhole(_ name: String) {
        #expect(Self.level(name, ["id": "4711"]) == 1)
        #expect(Self.level(name, [["state": "4711"]]) == 1)
    }

    @Test func enumeratedWordIsNoCredentialUnlessTypedIn() {
        #expect(Self.level("credentialForm", "card") == 2)
        #expect(Self.level("cardType", "wiegand") == 2)
        #expect(Self.level("cardTypes", ["card", "PIN_ONLY"]) == 2)
        #expect(Self.level("cardType", "4711") == 1)
        for name in ["password", "pin", "userPINs", "token", "secret", "passcode"] {
            #expect(Self.level(name, "password") == 1, "it may be the password")
            #expect(Self.level(name, ["password"]) == 1)
        }
    }

    @Test(arguments: ["raw", "message", "rawText", "lastError", "descriptions"])
    func textOfDevicesIsClassCInAnyForm(_ name: String) {
        let values: [JSON] = [
            "A1B2", 2_864_434_397, [161, 12], ["A1", 12], [[161, 12], [0]], ["a", ["state": "b"]],
        ]
        for value in values {
            #expect(Self.level(name, value) == 1, "\(value.compact)")
        }
        #expect(Self.level(name, true) == 2)
        #expect(Self.level("note", 4711) == 1 && Self.level("reasons", [4711]) == 1)
    }

    @Test func attendanceFlagOfADoorIsAboutNoPerson() {
        for kind in [Kind.deviceCreated, .deviceUpdated, .deviceDeleted] {
            #expect(Self.level("attendance", true, of: kind) == 3)
            #expect(Self.level("attendance", false, of: kind, inside: ["prevState"]) == 3)
            #expect(Self.level("attendance", "Ana", of: kind) == 2)
        }
        #expect(Self.level("attendance", true, inside: ["door"]) == 3)
        #expect(Self.level("attendance", true, of: .personUpdated) == 2)
    }

    @Test func textOfPeopleIsWithheldEarlierIfItMayQuoteACredential() {
        for (text, level) in [
            ("seen by the guard", 2), ("card 4711 was blocked", 1), ("forgot the PIN", 1), ("at 10:15", 1), ("", 2),
        ] {
            for name in ["note", "reason", "guardComment"] { #expect(Self.level(name, .string(text)) == level) }
        }
    }

    @Test func textOfABlockQuotesNoCredential() {
        for (block, field, kind) in [
            ("access", "reason", Kind.accessDenied), ("occurrence", "description", .occurrenceRaised),
            ("visit", "purpose", .visitScheduled),
        ] {
            let quoting = JSONObject([.init(block, .object(JSONObject([.init(field, "card 4711")])))])
            let plain = JSONObject([.init(block, .object(JSONObject([.init(field, "seen by Ana")])))])
            #expect(quoting.redacted(to: .noCredentials, of: kind)[block]?[field] == nil)
            #expect(plain.redacted(to: .noCredentials, of: kind)[block]?[field] == "seen by Ana")
            #expect(plain.redacted(to: .noPersons, of: kind)[block]?[field] == nil)
        }
    }

    @Test func nameOfAResourceIsShownOnlyIfItsTypeIsAThing() {
        for (type, isShown): (JSON?, Bool) in [
            ("printer", true), ("door", true), ("Person", false), ("USER", false), ("zoneOwner", false),
            ("visitors", false), (nil, false), (3, false), ("", false),
        ] {
            var resource = JSONObject([.init("id", 3), .init("name", "Ana Reis")])
            resource["type"] = type
            let data = JSONObject([.init("resource", .object(resource))])
            let left = data.redacted(to: .noPersons, of: .serverResourceChanged)["resource"]
            #expect((left?["name"] != nil) == isShown && left?["id"] == 3, "\(String(describing: type))")
            #expect(data.redacted(to: .noCredentials, of: .serverResourceChanged) == data)
        }
    }
}
