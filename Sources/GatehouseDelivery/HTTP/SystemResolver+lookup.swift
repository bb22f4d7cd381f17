#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension SystemResolver {
    /// Asks `getaddrinfo` for stream addresses of both families, in its order (RFC 6724), each once.
    @Sendable package static func getAddresses(of name: String) -> Found {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else {
            return .none(reason: reason(code), isForNow: [EAI_AGAIN, EAI_MEMORY, EAI_SYSTEM].contains(code))
        }
        var addresses: [NetworkAddress] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee), !addresses.contains(address) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .none(reason: reason(noData)) : .addresses(addresses)
    }

    /// The address, read from its plain text. One with a scope (`fe80::1%eth0`) is nil: it means a different machine on
    /// every link.
    private static func address(_ entry: addrinfo) -> NetworkAddress? {
        var text = [CChar](repeating: 0, count: 128)
        let code = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        return NetworkAddress(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// Why there are no addresses, by the error number of `getaddrinfo`, with what to do about it.
    static func reason(_ code: Int32) -> String {
        switch code {
        case EAI_NONAME: "the name does not exist: correct the host of the URL, or create its DNS record"
        case noData: "the name has no address: give its DNS record an A or AAAA entry"
        case EAI_AGAIN:
            "the name cannot be looked up at present: the DNS server does not answer; check the DNS servers of the "
                + "gateway's machine"
        case EAI_FAIL:
            "the DNS server refused to look the name up, or failed: check the name's DNS zone and the DNS servers of "
                + "the gateway's machine"
        case EAI_MEMORY, EAI_SYSTEM:
            "the gateway's machine could not look the name up: check its memory, its limits and /etc/resolv.conf"
        default: "the look-up of the name failed (error \(code) of the system's resolver)"
        }
    }

    /// `EAI_NODATA`, which the headers of some systems hide: the name exists and has no address.
    #if canImport(Glibc)
        private static let noData: Int32 = -5
    #else
        private static let noData: Int32 = 7
    #endif
}
