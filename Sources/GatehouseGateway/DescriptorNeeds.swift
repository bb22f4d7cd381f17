/// How many descriptors the gateway needs besides the connections of callers and to receivers.
///
/// Each row is the largest number that may be open at once. The permanent ones were counted in `/proc/self/fd` of a
/// running gateway: 27 on a machine with two cores.
struct DescriptorNeeds: Hashable, Sendable {
    /// How many event loops there are.
    let loops: Int
    /// How many connections may be open above the bounds, for probes.
    let reserve: Int
    /// How many names may be looked up at once.
    let lookUps: Int

    /// Everything but look-ups.
    // swift-format-ignore
    private var rows: [(name: String, count: Int)] {
        [
            ("standard input, output and errors",                                        3),
            ("the store: a writer and three readers with a file and its log each",       8),
            ("the store: the index that they share, and the owner's lock",               2),
            ("files that SQLite opens for a moment to sort or to undo, one for each",    4),
            ("event loops, the program's own one too: its queue, its wake-up, its clock", 3 * (loops + 1)),
            ("signals, and the clock and the pipe beside them",                          4),
            ("the socket that listens",                                                  1),
            ("a file with settings, a certificate or roots of trust that is being read", 2),
            ("connections beyond the bounds, for probes",                                reserve),
            ("connections that were given up for others and are not closed yet",         Self.closing),
        ]
    }

    /// How many connections one round of an event loop accepts at most before the connections that they replace are
    /// closed.
    private static let closing = 16
    /// A look-up asks up to three name servers, over a socket each (resolv.conf(5), MAXNS).
    private static let perLookUp = 3
    /// With fewer look-ups at once, receivers with hanging names would delay all others.
    private static let leastLookUps = 4

    /// How many it needs without look-ups.
    var fixed: Int { rows.reduce(0) { $0 + $1.count } }

    /// How many it needs in all, with this many look-ups.
    func count(lookUps: Int) -> Int { fixed + Self.perLookUp * lookUps }

    /// How many look-ups are possible with this many descriptors: at most the wanted number, and never less than four.
    func lookUps(within descriptors: Int) -> Int {
        min(lookUps, max(Self.leastLookUps, (descriptors - fixed) / Self.perLookUp))
    }
}
