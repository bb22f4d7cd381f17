import Foundation
import Testing

/// The real binary as a user starts it, in a folder of its own, listening on a free port.
final class GatewayProcess {
    static let adminKey = "end-to-end-admin-key-0123456789"

    let folder: URL
    private(set) var port = 0
    /// Whether its configuration has a key.
    var hasKey = true
    private let binary: String
    private var process = Process()
    private var starts = 0

    init(binary: String = "gatehouse") throws {
        self.binary = binary
        self.folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var processIdentifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// Starts the gateway on its file and returns when it says where it listens.
    ///
    /// - Parameter descriptors: how many file descriptors it may have, if they are to be few.
    func start(
        _ arguments: [String] = [], environment: [String: String] = [:], descriptors: Int? = nil
    ) async throws {
        starts += 1
        process = Process()
        process.executableURL = Self.built(binary)
        process.arguments =
            ["serve", "--port", "0", "--store", "sqlite:\(folder.path)/gatehouse.db", "--allow-targets", "127.0.0.0/8"]
            + arguments
        if let descriptors, let path = process.executableURL?.path {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments =
                ["-c", "ulimit -n \(descriptors) && exec \"$0\" \"$@\"", path] + (process.arguments ?? [])
        }
        var variables = ProcessInfo.processInfo.environment
        variables["GATEHOUSE_ADMIN_KEY"] = hasKey ? Self.adminKey : nil
        process.environment = variables.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        let output = try log("out")
        process.standardOutput = output
        process.standardError = try log("err")
        process.standardInput = FileHandle.nullDevice
        try process.run()
        port = try await waitForPort()
    }

    /// The output of the present start.
    func output(_ name: String = "out") -> String {
        (try? String(contentsOf: logURL(name), encoding: .utf8)) ?? ""
    }

    /// Ends the process without warning, like a power cut or the kernel.
    func kill() async {
        Foundation.kill(process.processIdentifier, SIGKILL)
        await ended()
    }

    /// Asks the process to end, and returns its exit code.
    func stop(_ signal: Int32 = SIGTERM) async -> Int32 {
        guard process.isRunning else { return process.terminationStatus }
        Foundation.kill(process.processIdentifier, signal)
        await ended()
        return process.terminationStatus
    }

    /// Ends what still runs and removes the folder.
    func remove() async {
        if process.isRunning { await kill() }
        try? FileManager.default.removeItem(at: folder)
    }

    private func ended() async {
        while process.isRunning { try? await Task.sleep(for: .milliseconds(10)) }
    }

    private func logURL(_ name: String) -> URL { folder.appending(path: "\(name)-\(starts).log") }

    private func log(_ name: String) throws -> FileHandle {
        try Data().write(to: logURL(name))
        return try FileHandle(forWritingTo: logURL(name))
    }

    private func waitForPort() async throws -> Int {
        for _ in 0..<3_000 {
            if let match = output().firstMatch(of: /listening on https?:\/\/127\.0\.0\.1:(\d+)/),
                let port = Int(match.1)
            {
                return port
            }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw TestFailure("the gateway did not start: \(output()) \(output("err"))")
    }

    /// The binary that was built beside this test.
    static func built(_ name: String) -> URL {
        let here = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: name)
        let candidates = [beside, here.appending(path: ".build/debug/\(name)")].compactMap { $0 }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[0]
    }
}

/// Why a test could not continue.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Returns as soon as a condition holds, or fails after this time.
func eventually(
    within limit: Duration = .seconds(30), _ what: String, _ holds: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !holds() {
        guard clock.now < end else { throw TestFailure("not within \(limit): \(what)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
