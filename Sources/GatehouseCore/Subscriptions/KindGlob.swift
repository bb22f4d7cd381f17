/// Patterns over the names of kinds: `*` matches any run of characters, `door.*` all events of doors.
public enum KindGlob {
    /// The kinds that any of the globs matches; all kinds without globs.
    public static func expand(_ globs: [String]?) -> KindSet {
        guard let globs else { return .all }
        return KindSet(Kind.allCases.filter { kind in globs.contains { matches(kind.name, $0) } })
    }

    /// The kinds that an owner asks for with these globs. The kinds about the state of deliveries must be asked for by
    /// name: no globs at all, and globs that begin with a star, leave them out; `subscription.*` and `delivery.dead`
    /// name them.
    public static func wanted(by globs: [String]?) -> KindSet {
        let fitting = expand(globs)
        return KindSet(
            fitting.kinds.filter { kind in
                !Catalogue.raised.contains(kind)
                    || globs?.contains { matches(kind.name, $0) && names(kind, $0) } ?? false
            })
    }

    /// Whether a glob contains the first word of a kind literally, with its dot.
    private static func names(_ kind: Kind, _ glob: String) -> Bool {
        let name = kind.name.utf8
        return glob.utf8.starts(with: name.prefix { $0 != UInt8(ascii: ".") }.map(\.self) + [UInt8(ascii: ".")])
    }

    /// Whether a glob matches a name. The time is linear in both: a failed match goes back only to the last star.
    static func matches(_ name: String, _ glob: String) -> Bool {
        let name = Array(name.utf8)
        let glob = Array(glob.utf8)
        var (place, step) = (0, 0)
        var retry: (place: Int, step: Int)?
        while place < name.count {
            if step < glob.count, glob[step] == UInt8(ascii: "*") {
                retry = (place, step)
                step += 1
            } else if step < glob.count, glob[step] == name[place] {
                place += 1
                step += 1
            } else if let last = retry {
                retry = (last.place + 1, last.step)
                (place, step) = (last.place + 1, last.step + 1)
            } else {
                return false
            }
        }
        return glob[step...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
