import Testing

@testable import GatehouseCore

/// A name is compared word by word, in every way in which a vendor joins the words.
@Suite struct NameWordsTests {
    // swift-format-ignore
    private static let names: [(String, [String])] = [
        ("cardNumber", ["card", "number"]), ("CardNumber", ["card", "number"]), ("card_number", ["card", "number"]),
        ("CARD-NUMBER", ["card", "number"]), ("card.number", ["card", "number"]), ("card number", ["card", "number"]),
        ("QRCode", ["qr", "code"]), ("userPINCode", ["user", "pin", "code"]), ("userPIN", ["user", "pin"]),
        ("PINs", ["pins"]), ("userPINsList", ["user", "pins", "list"]), ("PINset", ["pi", "nset"]),
        ("wiegand26", ["wiegand", "26"]), ("pin2", ["pin", "2"]), ("3dFace", ["3", "d", "face"]),
        ("primary_face_image_url", ["primary", "face", "image", "url"]), ("shipping", ["shipping"]),
        ("", []), ("__", []), ("A", ["a"]), ("äÖb", ["ä", "öb"]),
        ("ＰＩＮ", ["pin"]), ("ｃａｒｄＮｏ", ["card", "no"]), ("ⓅⒾⓃ", ["pin"]), ("𝐏𝐈𝐍𝟐", ["pin", "2"]), ("ﬁngerprint", ["fingerprint"]),
        ("ℙ𝕀ℕ", ["pin"]), ("p\u{200B}i\u{2060}n", ["pin"]), ("pi\u{0332}n", ["pin"]), ("𝚙𝚊𝚜𝚜𝚌𝚘𝚍𝚎", ["passcode"]),
    ]

    @Test(arguments: names) func aNameIsSplitIntoItsWords(_ name: String, _ words: [String]) {
        #expect(NameWords.split(name) == words)
    }

    @Test func capitalsBeforeLowerCaseHaveBothReadings() {
        #expect(NameWords.readings(of: "PINcode") == [["pi", "ncode"], ["pin", "code"]])
        #expect(NameWords.readings(of: "userQRCodes") == [["user", "qr", "codes"], ["user", "qrc", "odes"]])
        #expect(NameWords.readings(of: "cardNumber") == [["card", "number"]])
    }

    @Test(arguments: [
        "PINcode", "PINvalue", "PINnumber", "PINentered", "userPINcode", "QRcode", "RFIDtag", "UIDhex", "CSNhex",
        "OTPcode", "JWTtoken", "LPRplate", "VRMtext", "CARDnumber", "PINnr", "MIFAREuid", "guestpass", "visitorpass",
        "GUESTPASS", "onetimepass", "PINset", "QRCode", "userPINs",
    ])
    func aNameThatSpeaksOfACredentialIsKnown(_ name: String) { #expect(CredentialWords.stand(in: name)) }

    @Test(arguments: ["compass", "bypass", "passCount", "APIpath", "URLs", "shipping", "HTTPstatus", "ACSUnit"])
    func otherNameIsNoCredential(_ name: String) { #expect(!CredentialWords.stand(in: name)) }

    @Test func pluralCountsAsItsSingular() {
        #expect(NameWords.singular("cards") == "card" && NameWords.singular("card") == "card")
        #expect(NameWords.singular("qrs") == "qr" && NameWords.singular("is") == "is")
    }
}
