/// What the gateway needs descriptors for beside the connections of callers and to receivers, counted.
///
/// Each row is the most that may be open at once. Those at rest were read off `/proc/self/fd` of a gateway that served:
/// 27 on a machine with two cores.
struct DescriptorNeeds: Hashable, Sendable {
    /// How many event loops there are.
    let loops: Int
    /// How many connections may be open beyond the bounds on them, for probes.
    let reserve: Int
    /// How many names are to be looked up at once.
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

    /// How many connections one round of an event loop accepts at most before those that they replace are closed.
    private static let closing = 16
    /// A look-up asks up to three name servers, over a socket each (resolv.conf(5), MAXNS).
    private static let perLookUp = 3
    /// With fewer look-ups at once, receivers whose names hang would keep all others waiting.
    private static let leastLookUps = 4

    /// How many it needs whatever is looked up.
    var fixed: Int { rows.reduce(0) { $0 + $1.count } }

    /// How many it needs in all, with so many look-ups.
    func count(lookUps: Int) -> Int { fixed + Self.perLookUp * lookUps }

    /// How many look-ups fit into so many descriptors: as many as are wanted, and never less than four.
    func lookUps(within descriptors: Int) -> Int {
        min(lookUps, max(Self.leastLookUps, (descriptors - fixed) / Self.perLookUp))
    }
}
