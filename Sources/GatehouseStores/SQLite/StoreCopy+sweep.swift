internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The files that killed copies leave in a folder, and which process may remove them.
extension StoreCopy {
    /// The part of the name of an incomplete copy, before its machine and process number.
    static let growing = ".gatehouse-copy-"

    /// An identification of the set of processes in which a process number is unique: the machine, its start, and the
    /// PID namespace. Several machines and containers may keep their backups in one folder.
    static let machine: String = {
        // If the system does not say, no other process has this mark, so its copies are swept by age.
        let named = place ?? UUID().uuidString
        // FNV-1a: the same text has the same mark in each process.
        let mark = named.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(mark, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }()

    /// How long a copy of another machine is kept after its last change: it may be continuing there.
    private static let patience = 24 * 3_600

    private static var place: String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return nil }
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #if canImport(Glibc)
            guard let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
                let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
            else { return nil }
        #else
            var bytes = [UInt8](repeating: 0, count: 64)
            var size = bytes.count
            guard sysctlbyname("kern.bootsessionuuid", &bytes, &size, nil, 0) == 0 else { return nil }
            let (boot, space) = (String(decoding: bytes.prefix(size), as: UTF8.self), "")
        #endif
        return "\(host) \(boot) \(space)"
    }

    /// Removes what killed copies have left in the folder.
    func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let mark = name.range(of: Self.growing, options: .backwards),
                let (machine, process) = Self.maker(name[mark.upperBound...])
            else { continue }
            let path = "\(folder)/\(name)"
            let isOver = machine == Self.machine ? Self.hasEnded(process) : Self.isOld(path)
            if isOver { unlink(path) }
        }
    }

    /// The machine and process in the end of a copy's name; nil if it is the name of another file.
    private static func maker(_ ending: Substring) -> (machine: String, process: pid_t)? {
        var parts = ending.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, StoreFile.companions.contains("-" + (parts.last ?? "")) { parts.removeLast() }
        guard parts.count == 2, parts[0].count == 16, parts[0].allSatisfy({ $0.isASCII && $0.isHexDigit }),
            !parts[1].isEmpty, parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let process = pid_t(parts[1])
        else { return nil }
        return (parts[0], process)
    }

    /// Whether no process of this machine continues the copy: no process has the number, or this process has it now.
    private static func hasEnded(_ process: pid_t) -> Bool {
        process == getpid() || (kill(process, 0) != 0 && errno != EPERM)
    }

    private static func isOld(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        #if canImport(Glibc)
            let changed = Int(status.st_mtim.tv_sec)
        #else
            let changed = Int(status.st_mtimespec.tv_sec)
        #endif
        return time(nil) - changed > patience
    }
}
