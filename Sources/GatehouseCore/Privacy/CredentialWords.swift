/// The words that make a field class C wherever they stand in its name, and what excuses a value.
enum CredentialWords {
    /// Whether a name speaks of what opens a door.
    static func stand(in words: [String]) -> Bool {
        let words = words.map(NameWords.singular) + words
        if words.contains(where: { telling.contains($0) }) { return true }
        for (anchor, companions) in pairs where words.contains(anchor) {
            if words.contains(where: { companions.contains($0) }) { return true }
        }
        return false
    }

    /// Whether a name as a whole is one that stands for a credential when nothing stands beside it.
    static func isWhole(_ words: [String]) -> Bool {
        words.count == 1 && (whole.contains(words[0]) || whole.contains(NameWords.singular(words[0])))
    }

    /// Whether a value under such a name gives nothing away: a truth value, null, or a word of a known enumeration.
    /// Where a name says that its value is to be typed in or shown, a word is no excuse: it may be the password.
    static func isExcused(_ value: JSON, under words: [String]) -> Bool {
        switch value {
        case .null, .bool: true
        case .string(let text):
            enumerated.contains(text.lowercased())
                && !words.contains { typed.contains($0) || typed.contains(NameWords.singular($0)) }
        case .array(let items): !items.isEmpty && items.allSatisfy { isExcused($0, under: words) }
        case .number, .object: false
        }
    }

    /// Whether a text may quote a credential: it has a digit, or one of the words.
    static func mayBeQuoted(in value: JSON) -> Bool {
        guard let text = value.text else { return true }
        if text.unicodeScalars.contains(where: { $0.properties.numericType != nil }) { return true }
        return stand(in: NameWords.split(text))
    }

    // MARK: The words

    private static let telling: Set<String> = [
        "card", "pin", "badge", "credential", "password", "passcode", "token", "secret", "qr", "fingerprint", "wiegand",
        "plate",
        // other names for the same
        "passwd", "pwd", "passphrase", "passkey", "otp", "totp", "keycard", "keyfob", "fob", "rfid", "barcode",
        "biometric", "faceprint",
        // spelled as one word, where nothing shows two
        "pincode", "pinnumber", "cardnumber", "cardno", "cardnum", "cardid", "cardcode", "cardvalue", "qrcode",
        "qrcontent", "accesscode", "entrycode", "doorcode", "gatecode", "keycode", "unlockcode", "mastercode",
        "duresscode", "facilitycode", "sitecode", "faceimage", "facetemplate", "licenseplate", "licenceplate",
        "numberplate", "platenumber", "badgenumber", "badgeno", "badgeid", "credentialnumber", "accesstoken", "apikey",
        "secretkey", "privatekey",
    ]

    /// Names that are a credential's where they stand alone.
    private static let whole: Set<String> = ["number", "code", "value", "face", "template", "finger", "palm", "iris"]

    /// What is typed in or presented as it stands.
    private static let typed: Set<String> = [
        "pin", "password", "passcode", "token", "secret", "passwd", "pwd", "passphrase", "passkey", "otp", "pincode",
    ]

    private static let body: Set<String> = ["face", "finger", "palm", "iris", "retina", "vein", "hand"]
    private static let read: Set<String> = [
        "access", "facility", "key", "identifier", "transponder", "license", "licence",
    ]
    private static let typedIn: Set<String> = [
        "entry", "entrance", "unlock", "opening", "master", "duress", "keypad", "door", "gate", "lock", "site",
        "security", "disarm", "arm", "alarm", "panic", "pass", "bar",
        // whose it is
        "visitor", "guest", "user", "person", "resident", "tenant", "member", "owner", "holder",
    ]

    /// Words that are a credential's beside one of their companions.
    private static let pairs: [(anchor: String, companions: Set<String>)] = [
        ("number", read), ("value", ["identifier", "transponder"]), ("code", read.union(typedIn)),
        ("key", ["api", "access", "private", "encryption", "mobile", "virtual", "bluetooth", "ble"]),
        ("template", body),
        ("image", body), ("photo", body), ("picture", body), ("data", body), ("scan", body), ("feature", body),
        ("print", body), ("word", ["pass"]), ("phrase", ["pass"]),
        ("descriptor", body), ("encoding", body), ("embedding", body), ("vector", body), ("hash", body),
        ("minutiae", body), ("model", body),
    ]

    /// Every word that a field of a block may hold, and those of the contracts' examples.
    private static let enumerated: Set<String> = Set(
        (Block.allCases.flatMap(BlockTable.words) + [
            "CARD_ONLY", "PIN_ONLY", "CARD_AND_PIN", "CARD_OR_PIN", "wiegand", "unencryptedOsdp", "encryptedOsdp",
            "primaryReader", "standard", "touch", "input_code", "license_plate",
        ]).map { $0.lowercased() })
}
