package import GatehouseDelivery
internal import GatehouseServer

/// The proxies that are trusted to name the origin of a request.
///
/// Any client can write `X-Forwarded-For`. So it is read from its end, where the nearest proxy wrote, and only as long
/// as each address is a trusted proxy's: the first other address is the client.
package struct TrustedProxies: APIServer.ClientFinder {
    private let ranges: [AddressRange]

    /// Trusts the proxies with addresses in these ranges.
    package init(_ ranges: [AddressRange]) {
        self.ranges = ranges
    }

    package func client(peer: String?, forwarded: [String]) -> String? {
        guard let peer, !ranges.isEmpty, let address = NetworkAddress(peer), trusts(address) else { return peer }
        var client = peer
        for hop in forwarded.flatMap({ $0.split(separator: ",") }).reversed() {
            // A value that is not an address was written by an untrusted client, and so was everything before it.
            guard let address = Self.address(in: hop) else { return client }
            client = address.description
            if !trusts(address) { return client }
        }
        return client
    }

    package func isProxy(_ address: String) -> Bool { NetworkAddress(address).map(trusts) ?? false }

    /// A socket for both families names its IPv4 peers as `::ffff:10.0.0.1`.
    private func trusts(_ address: NetworkAddress) -> Bool {
        let plain = String(address.description.trimmingPrefix("::ffff:"))
        let addresses = [address, NetworkAddress(plain)].compactMap { $0 }
        return ranges.contains { range in addresses.contains { range.contains($0) } }
    }

    /// An address as proxies write one: plain, in brackets, with a port.
    private static func address(in hop: Substring) -> NetworkAddress? {
        let text = hop.filter { $0 != " " && $0 != "\t" }
        if let address = NetworkAddress(text) { return address }
        if text.hasPrefix("[") {
            return text.dropFirst().split(separator: "]").first.flatMap { NetworkAddress(String($0)) }
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? NetworkAddress(String(parts[0])) : nil
    }
}
