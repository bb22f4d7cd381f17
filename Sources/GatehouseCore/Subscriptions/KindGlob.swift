/// Patterns over the names of kinds: `*` stands for any run of characters, `door.*` for all that doors tell.
public enum KindGlob {
    /// The kinds that any of the globs fits; all of them where there are no globs.
    public static func expand(_ globs: [String]?) -> KindSet {
        guard let globs else { return .all }
        return KindSet(Kind.allCases.filter { kind in globs.contains { matches(kind.name, $0) } })
    }

    /// Says whether a glob fits a name. Linear in both: a failed match goes back to the last star only.
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
