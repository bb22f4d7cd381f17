package import GatehouseCore

/// How a URL's host is written, before any look-up.
///
/// A host that software could read as a number in more than one way (octal, hexadecimal, shortened: what `inet_aton`
/// accepts) is neither a name nor an address here: otherwise we would check one reading and another program would dial
/// another.
package enum HostSpelling: Hashable, Sendable {
    /// An address in its plain spelling; no look-up is needed.
    case literal(NetworkAddress)
    /// A name for the resolver.
    case name
    /// Refused, with the reason.
    case refused(reason: String)

    /// Reads the host of a URL.
    package init(_ url: TargetURL) {
        let host = url.host
        if url.isBracketed {
            if let address = NetworkAddress(host), address.family == .v6 {
                self = .literal(address)
            } else {
                self = .refused(reason: "the brackets of the URL contain no IPv6 address")
            }
            return
        }
        if let address = NetworkAddress(host) {
            self = .literal(address)
            return
        }
        var labels = host.split(separator: ".", omittingEmptySubsequences: false)
        if labels.last?.isEmpty == true { labels.removeLast() }
        guard !labels.isEmpty, labels.allSatisfy({ (1...63).contains($0.utf8.count) }) else {
            self = .refused(
                reason: "the host of the URL is not a name: a part of it is empty or longer than 63 characters")
            return
        }
        if let last = labels.last, Self.looksNumeric(last) {
            self = .refused(reason: "the host of the URL is a number: write an address as four decimal numbers")
        } else {
            self = .name
        }
    }

    /// Whether the last part makes the host a number for some software: `1`, `017`, `0x7f`, `0x` (the URL Standard's
    /// "ends in a number", which covers all that `inet_aton` accepts).
    private static func looksNumeric(_ label: Substring) -> Bool {
        if label.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
        return label.hasPrefix("0x") && label.dropFirst(2).utf8.allSatisfy(isHexDigit)
    }

    /// A host is in lower case at this point.
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
