extension CredentialWords {
    /// The words, by what they need besides them.
    enum Vocabulary {
        // swift-format-ignore
        /// Words that mean a credential anywhere in a name.
        static let anywhere: Set<String> = [
            "card", "pin", "badge", "credential", "cred", "password", "passcode", "token", "secret", "qr",
            "fingerprint", "wiegand", "plate",
            // other names for the same
            "passwd", "pwd", "passphrase", "passkey", "otp", "totp", "hotp", "dtmf", "keycard", "keyfob", "fob",
            "barcode", "datamatrix", "biometric", "faceprint", "transponder", "bearer", "jwt", "anpr", "alpr", "lpr",
            "vrm", "vrn",
            // names of chips, and words of readers for their content
            "rfid", "uid", "csn", "chuid", "fascn", "epc", "mifare", "desfire", "iclass", "felica", "legic", "hitag",
            "prox", "magstripe", "ibutton", "dallas", "hex", "bitstream", "bitstring", "scbk",
            // with other endings
            "pincode", "qrcode", "qrcontent", "apikey", "scancode",
            // in the languages of the contracts' vendors
            "senha", "cartao", "cartão", "cracha", "crachá", "placa", "biometria", "contrasena", "contraseña",
            "tarjeta", "clave", "passwort", "kennwort", "пароль", "пинкод", "карта",
        ]

        /// Words that mean a credential if they are the whole name.
        static let whole: Set<String> = [
            "number", "code", "value", "face", "template", "finger", "palm", "iris", "retina", "vein", "raw", "swipe",
            "stripe", "track", "seed", "identifier", "fc", "cn", "authorization",
        ]

        /// Words that mean a credential at the end: `guestPass`, but not `passCount`; `rawBits`, but not `bitRate`.
        static let atTheEnd: Set<String> = ["pass", "bit"]

        /// Words for what a person types in or presents.
        static let typed: Set<String> = [
            "pin", "password", "passcode", "token", "secret", "passwd", "pwd", "passphrase", "passkey", "otp", "totp",
            "hotp", "pincode", "pass", "dtmf", "bearer", "jwt", "senha", "clave", "contrasena", "contraseña",
            "passwort", "kennwort", "пароль", "пинкод", "seed",
        ]

        private static let body: Set<String> = [
            "face", "finger", "fp", "palm", "iris", "retina", "vein", "hand", "voice",
        ]
        private static let read: Set<String> = [
            "access", "facility", "key", "identifier", "license", "licence", "tag", "fc",
        ]
        // swift-format-ignore
        private static let typedIn: Set<String> = [
            "entry", "entrance", "enter", "unlock", "open", "opening", "master", "duress", "keypad", "door", "gate",
            "lock", "locker", "site", "company", "agency", "system", "security", "disarm", "arm", "alarm", "panic",
            "pass", "bar", "issue", "release",
            // given away for some time
            "invitation", "invite", "guest", "one", "temp", "temporary", "shared", "share", "booking", "reservation",
            "pickup", "parcel", "delivery", "activation", "pairing", "verification", "confirmation", "auth",
            "authentication", "authorization", "login", "sms",
            // its owner
            "visitor", "user", "person", "resident", "tenant", "member", "owner", "holder", "employee", "staff",
        ]
        private static let form: Set<String> = [
            "data", "byte", "bit", "hex", "frame", "string", "value", "payload", "code", "number", "id", "read",
            "scan", "input", "stream", "packet", "buffer",
        ]

        /// Words that mean a credential beside one of their companions.
        static let pairs: [(anchor: String, companions: Set<String>)] = [
            ("number", read), ("no", read), ("code", read.union(typedIn).union(body)), ("raw", form),
            (
                "key",
                [
                    "api", "access", "private", "encryption", "mobile", "virtual", "bluetooth", "ble", "session",
                    "shared", "signing", "site", "aes", "des", "osdp", "oem", "i",
                ]
            ),
            ("template", body), ("image", body), ("photo", body), ("picture", body), ("data", body), ("scan", body),
            ("feature", body), ("print", body), ("descriptor", body), ("encoding", body), ("embedding", body),
            ("vector", body), ("hash", body), ("minutiae", body), ("model", body), ("vein", body.subtracting(["vein"])),
            ("id", body), ("word", ["pass"]), ("phrase", ["pass"]), ("button", ["i"]), ("memory", ["touch"]),
            ("track", ["1", "2", "3", "data", "one", "two", "three"]), ("stripe", ["magnetic", "mag", "data"]),
            ("swipe", ["data", "value", "read"]), ("nfc", form), ("ble", form), ("tag", form),
            ("bit", ["stream", "string", "pattern", "data", "sequence", "count", "length", "number"]),
            ("code", ["i"]), ("pdf", ["417"]), ("em", ["4100", "4102", "410"]), ("header", ["auth", "authorization"]),
            ("serial", ["key", "tag"]), ("class", ["i"]), ("fire", ["des"]), ("matrix", ["data"]),
            ("text", ["plate", "lpr"]),
        ]

        /// Words that vendors join with the words above: `userpin`, `nfcuid`.
        static let fillers: Set<String> = [
            "user", "new", "old", "my", "the", "num", "nr", "main", "first", "second", "last", "bin", "dec", "str",
            "text", "nfc", "mobile", "reader", "scanned", "encrypted", "current", "time", "day",
        ]

        /// Every enumerated word of a block's field, and those of the contracts' examples.
        static let enumerated: Set<String> = Set(
            (Block.allCases.flatMap(BlockTable.words) + [
                "CARD_ONLY", "PIN_ONLY", "CARD_AND_PIN", "CARD_OR_PIN", "wiegand", "unencryptedOsdp", "encryptedOsdp",
                "primaryReader", "standard", "touch", "input_code", "license_plate",
            ]).map { $0.lowercased() })
    }
}
