import Testing

@testable import GatehouseCore

/// A value that opens a door is class C, in every spelling and nesting of a vendor.
@Suite struct CredentialSpellingTests {
    private static func left(_ details: JSON, at level: PrivacyLevel = .noCredentials) -> JSON? {
        JSONObject([.init("details", details)]).redacted(to: level, of: .accessGranted)["details"]
    }

    @Test(
        arguments: [
            // run together, and by other words
            "userpin", "USERPIN", "nfcuid", "taguid", "carduid", "cardpin", "duresspin", "newpassword", "usercode",
            "guestcode", "fptemplate", "iriscode", "palmvein", "opencode", "invitationcode", "rawdata", "cardhex",
            "userPin", "rawData", "raw_bytes", "hex", "dataHex", "bits", "rawBits", "bitstream", "UID", "nfcUid",
            "tagUID", "CSN", "cardCSN", "CHUID", "FASCN", "mifare", "mifareId", "DESFire", "prox", "proxId", "track2",
            "trackData", "magstripe", "magneticStripe", "irisCode", "fpTemplate", "palmVein", "veinTemplate", "lpr",
            "lprText", "ANPR", "vrm", "cred", "creds", "pass", "guestPass", "bearer", "invitationCode", "inviteCode",
            "openCode", "releaseCode", "bookingCode", "oneTimeCode", "verification_code", "p.i.n", "P I N",
            // vendors' own
            "cardNo", "card_number_hex", "facilityCode", "siteCode", "issueCode", "companyCode", "wiegand26",
            "template",
            "faceId", "plate", "plateText", "otp", "totp", "hotp", "qr", "barcode", "bleToken", "seed", "keyfob",
            "iButton", "ibutton", "dallas", "touchMemory", "transponder", "epc", "tag", "tagNumber", "tagId", "FC",
            "CN",
            "fcNumber", "scbk", "aesKey", "oemKey", "mobileKey", "jwt", "authHeader", "authorization", "DTMF", "pdf417",
            "em4100", "dataMatrix", "iClass", "voiceTemplate", "handVector", "identifier", "staffCode", "employeeCode",
            // in the vendors' languages
            "senha", "cartão", "cartao", "crachá", "placa", "contraseña", "tarjeta", "Passwort", "пароль", "карта",
            // wide, enclosed, joined and unseen letters
            "ＰＩＮ", "ｃａｒｄＮｏ", "ⓅⒾⓃ", "𝐏𝐈𝐍", "ﬁngerprint", "p\u{200B}in",
        ])
    func everySpellingIsClassC(_ name: String) {
        for value in ["A1B2C3D4", "Ana", 4711, ["A1", "B2"], ["any": "A1"], [["any": true]]] as [JSON] {
            for path in [[], ["prevState"], ["neverHeardOf"]] {
                var inner: JSON = .object(JSONObject([.init(name, value)]))
                for step in path.reversed() { inner = .object(JSONObject([.init(step, inner)])) }
                var left = Self.left(inner)
                for step in path { left = left?[step] }
                #expect(left == [:], "\(name) \(value.compact) in \(path)")
            }
        }
    }

    @Test(
        arguments: [
            "shipping", "spinner", "cardinal", "discard", "encoder", "barcoder", "opinion", "plated", "hexagon",
            "compass",
            "passCount", "antiPassback", "bitRate", "orbit", "stage", "tagline", "hashtag", "tags", "unique",
            "serialNumber", "userData", "metaData", "doorNumber", "phoneNumber", "trackName", "database", "errorCode",
            "userIdent", "prototype", "approximate", "keyboard", "seedling",
        ])
    func aPartOfAWordIsNone(_ name: String) {
        #expect(Self.left(.object(JSONObject([.init(name, "Ana")])))?[name] == "Ana")
        #expect(Self.left(.object(JSONObject([.init(name, "Ana")])), at: .noPersons)?[name] == nil)
    }

    /// The length of a format is printed on every reader's box; the bits of one card are not.
    @Test func lengthOfAFormatIsNoCredential() {
        for name in ["bits", "bitCount", "bit_length", "numBits", "formatBits", "cardBits"] {
            for length in [26, 34, 37, 256] as [JSON] {
                #expect(Self.left(.object(JSONObject([.init(name, length)])))?[name] == length, "\(name)")
            }
        }
        for value in [0, 1001, 47_110_815, "10010110", "A1B2", [1, 0, 1, 1, 4711], -26] as [JSON] {
            #expect(Self.left(["bits": value]) == [:], "\(value.compact)")
        }
        #expect(Self.left(["pinBits": 26]) == [:], "a typed value has no length in bits")
    }

    // MARK: Names in one field, values in another

    // swift-format-ignore
    private static let naming = [
        "key", "k", "name", "n", "field", "type", "kind", "label", "property", "attribute", "param", "fieldName",
        "credentialType", "idType", "form", "method", "technology", "title", "tag", "id",
    ]
    private static let holding = [
        "data", "value", "content", "v", "val", "text", "payload", "number", "result", "body",
    ]
    private static let credentials = [
        "pin", "PIN", "card", "CardNumber", "user_pin", "badge", "PIN_CODE", "card number", "fingerprint", "mifare",
        "accessCode", "userpin", "code", "ＰＩＮ", "card 1",
    ]

    @Test(arguments: naming) func aValueIsJudgedByTheNameBesideIt(_ naming: String) {
        for holding in Self.holding where holding != naming {
            for credential in Self.credentials {
                for value in ["0012345678", 4711, ["any": 4711], [1, 2]] as [JSON] {
                    let entry = JSONObject([.init(naming, .string(credential)), .init(holding, value)])
                    // The name of a reader is the reader's.
                    for (wrapped, find) in Self.wrapped(entry).dropLast(naming == "name" ? 1 : 0) {
                        let left = Self.left(wrapped).flatMap(find)
                        #expect(left?[holding] == nil, "\(JSON.object(entry).compact): \(left?.compact ?? "")")
                    }
                }
            }
        }
    }

    private static func wrapped(_ entry: JSONObject) -> [(JSON, (JSON) -> JSON?)] {
        [
            (.object(entry), { $0 }), (["fields": [.object(entry)]], { $0["fields"]?.items?.first }),
            (["metadata": .object(entry)], { $0["metadata"] }), (["reader": .object(entry)], { $0["reader"] }),
        ]
    }

    @Test func anIDBesideTheTypeOfACredentialIsTheCredential() {
        #expect(Self.left(["type": "card", "id": 4711, "doorId": "lobby"]) == ["type": "card", "doorId": "lobby"])
        #expect(Self.left(["type": "PIN", "metadata": ["a": "1234"]]) == ["type": "PIN"])
        #expect(Self.left(["columns": ["name", "pin"], "rows": [["Ana", "1234"]]]) == ["columns": ["name", "pin"]])
    }

    /// Facts of a door beside the name of a credential, or beside a thing named after one, are shown.
    @Test func fieldWithItsOwnNameIsShownBesideIt() {
        let facts: JSON = [
            "type": "card", "state": "U", "floor": 3, "doorName": "Lobby 2", "panelId": "1070000", "online": true,
            "occurred": 1_646_914_071_461, "direction": "entry", "owner": "Ana Reis",
        ]
        #expect(Self.left(facts) == facts)
        for entry in [
            ["type": "cardReader", "count": 12], ["name": "Card Office", "count": 12], ["type": "number", "data": 12],
            ["readerType": "card", "count": 12], ["doorName": "Card shop", "count": 12], ["key": "floor", "data": 12],
            ["type": "card_format", "count": 12], ["inputTypes": ["wiegand"], "metadata": [:], "count": 12],
        ] as [JSON] {
            #expect(Self.left(entry) == entry, "\(entry.compact)")
        }
        let device = JSONObject([.init("details", ["name": "Badge Reader", "count": 12])])
        #expect(device.redacted(to: .noCredentials, of: .deviceUpdated) == device)
    }

    // MARK: Names that are the credential

    @Test(
        arguments: [
            "0012345678", "4711", "12-34567", "1 070 000", "04A2B3C4D5E680", "04:a2:b3:c4", "0x00A1B2C3D4", "٤٧١١",
        ])
    func aNameThatIsANumberIsACredential(_ name: String) {
        for value in [true, .null, "Ana", ["state": "U"]] as [JSON] {
            for wrapper in ["metadata", "cards", "floors", "neverHeardOf"] {
                let left = Self.left(.object(JSONObject([.init(wrapper, .object(JSONObject([.init(name, value)])))])))
                #expect(left?.compact.contains(name) == false, "\(name) in \(wrapper)")
            }
        }
        #expect(Self.left(.object(JSONObject([.init(name, true)])), at: .everything)?[name] == true)
    }

    @Test(arguments: ["1", "12", "999", "2024-01-31", "57e50e4840ce4f00017df412", "decade", "floor 1001"])
    func shortNumberIDAndDateAreNoCredentials(_ name: String) {
        #expect(Self.left(.object(JSONObject([.init(name, true)])))?[name] == true)
    }

    // MARK: Texts

    @Test func textWithACredentialWordAndADigitIsACredential() {
        for value in [
            "PIN 1234", "badge 4711", #"{"pin":1234}"#, ["pin", "1234"], ["card", 4711], "card=0012345678",
            "ＰＩＮ １２３４",
        ] as [JSON] {
            for name in ["neverHeardOf", "state", "topic", "metadata", "nickname"] {
                #expect(Self.left(.object(JSONObject([.init(name, value)]))) == [:], "\(name): \(value.compact)")
            }
        }
        for value in ["Ana Reis", "Main Street 12", "forgot the badge"] as [JSON] {
            #expect(Self.left(["neverHeardOf": value]) == ["neverHeardOf": value])
        }
    }
}
