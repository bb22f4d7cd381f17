import Foundation
import NIOCore
import NIOPosix
import Testing

/// A tinyproxy of its own on a free port of 127.0.0.1, which logs its requests.
final class RealProxy: Sendable {
    let port: Int
    private let folder: URL
    private let process: Process

    /// Starts it and returns once it can be reached.
    init(user: String? = nil) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        port = try #require(listener.localAddress?.port)
        try await listener.close()
        folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-proxy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = """
            Port \(port)
            Listen 127.0.0.1
            Allow 127.0.0.1
            Timeout 60
            MaxClients 50
            LogLevel Connect
            LogFile "\(folder.path)/log"
            \(user.map { "BasicAuth \($0)" } ?? "")
            """
        try Data((settings + "\n").utf8).write(to: folder.appending(path: "conf"))
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tinyproxy", "-d", "-c", folder.path + "/conf"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await awaitStart()
    }

    /// Its requests.
    var log: String { (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? "" }

    func stop() async {
        // Tests run with signals blocked, so a gentler signal would not reach it.
        kill(process.processIdentifier, SIGKILL)
        while process.isRunning { try? await Task.sleep(for: .milliseconds(5)) }
        try? FileManager.default.removeItem(at: folder)
    }

    private func awaitStart() async throws {
        for _ in 0..<1000 {
            let dialled = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            if let dialled { return try await dialled.close() }
            try #require(process.isRunning, "tinyproxy is there: scripts/ensure-packages.sh tinyproxy")
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("tinyproxy does not listen")
    }
}
