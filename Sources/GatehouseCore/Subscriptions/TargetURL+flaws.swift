extension TargetURL {
    /// Why a text is not a valid URL for deliveries.
    public enum Flaw: Error, Hashable, Sendable {
        /// It is empty.
        case empty
        /// It has more than ``TargetURL/longest`` bytes.
        case tooLong
        /// It contains white space.
        case blank
        /// It contains a control character.
        case control
        /// It contains a backslash, which some software reads as a slash.
        case backslash
        /// It has no scheme.
        case noScheme
        /// It has another scheme than http and https; `meant` is the similar one.
        case unknownScheme(meant: String?)
        /// It has a user or a password before the host.
        case user
        /// It has a fragment, which is never sent (RFC 9110 section 4.2.5).
        case fragment
        /// It has characters beyond ASCII after the host.
        case foreignPath
        /// The host is missing.
        case noHost
        /// The host has an invalid character.
        case hostCharacter
        /// The host has more than 253 bytes.
        case longHost
        /// The host breaks the rules of internationalized names (UTS 46).
        case internationalName
        /// The host ends in a dot, which certificates do not allow.
        case trailingDot
        /// It has an IPv6 address without brackets.
        case bareAddress
        /// The brackets are not closed, or contain no IPv6 address.
        case brackets
        /// It has an IPv6 address with a zone, which has a meaning only on one machine (RFC 6874).
        case zone
        /// It has port 0, on which no program listens.
        case portZero
        /// Its port is above 65535.
        case portBeyondRange
        /// The text after the host's colon is no number.
        case portIsNoNumber

        /// What is wrong and what to do. It repeats nothing of the URL, which may hold a token.
        public var sentence: String {
            switch self {
            case .empty: "it is empty: write the whole address, as https://ops.example.com/events"
            case .tooLong: "it has more than \(TargetURL.longest) bytes: shorten its path or its query"
            case .blank: "a blank stands in it: take it out, or write it as %20"
            case .control: "a control character stands in it: take it out"
            case .backslash: "a backslash stands in it: write / in its place"
            case .noScheme: "it has no scheme: write https:// before it"
            case .unknownScheme(let meant):
                "its scheme is neither https nor http"
                    + (meant.map { ": did you mean \($0)://?" } ?? ": write https://")
            case .user:
                "a user or a password stands before its host: take it out, what lets callers in has fields of its own"
            case .fragment: "a # stands in it: what follows is never sent, so take it out, or write %23"
            case .foreignPath:
                "a character beyond ASCII stands behind its host: write it percent-encoded, as %C3%BC for an u umlaut"
            case .noHost: "it has no host: write one behind the //"
            case .hostCharacter:
                "its host has a character that no host has: letters, digits, hyphens and dots are taken"
            case .longHost: "its host has more than 253 bytes: no name of the DNS is longer"
            case .internationalName:
                "its host is no name by the rules of internationalized names (UTS 46): correct it, or write it in "
                    + "Punycode, as xn--bcher-kva.example"
            case .trailingDot: "its host ends in a dot: write it without"
            case .bareAddress: "an IPv6 address stands in it without brackets: write it as [2001:db8::1]"
            case .brackets: "its brackets hold no IPv6 address: write one as [2001:db8::1]"
            case .zone:
                "its IPv6 address names a zone (%), which means something on one machine alone: write an address "
                    + "without one, or a name"
            case .portZero:
                "its port is 0, on which no program listens: write the port of the receiver, or leave it out"
            case .portBeyondRange: "its port is greater than 65535: write the port of the receiver, or leave it out"
            case .portIsNoNumber:
                "what stands behind its host is no port: write a number from 1 to 65535, or leave it out"
            }
        }
    }
}
