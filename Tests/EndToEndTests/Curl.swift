import Foundation
import GatehouseCore

/// Calls the gateway with the real curl, as the README tells a new user to.
struct Curl {
    let url: String
    var key: String = GatewayProcess.adminKey

    struct Answer {
        let status: Int
        let body: JSON
        let text: String
    }

    func get(_ path: String) async throws -> Answer { try await call("GET", path, nil) }

    @discardableResult
    func post(_ path: String, _ body: String, type: String = "application/json") async throws -> Answer {
        try await call("POST", path, body, type: type)
    }

    func patch(_ path: String, _ body: String) async throws -> Answer { try await call("PATCH", path, body) }

    func delete(_ path: String) async throws -> Answer { try await call("DELETE", path, nil) }

    func call(
        _ method: String, _ path: String, _ body: String?, type: String = "application/json"
    ) async throws -> Answer {
        var arguments = ["-sS", "-m", "30", "-X", method, "-w", "\n%{http_code}", "-H", "Authorization: Bearer \(key)"]
        if let body { arguments += ["-H", "Content-Type: \(type)", "--data-binary", body] }
        let (code, output) = try await run("curl", arguments + [url + path])
        guard code == 0, let line = output.lastIndex(of: "\n"), let status = Int(output[line...].dropFirst()) else {
            throw TestFailure("curl ended with \(code): \(output)")
        }
        let text = String(output[..<line])
        return Answer(status: status, body: (try? JSONParser.parse(Array(text.utf8))) ?? .null, text: text)
    }
}

/// Runs a program of the system and returns its exit code and what it printed.
func run(_ program: String, _ arguments: [String], input: String? = nil) async throws -> (code: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: program.hasPrefix("/") ? program : "/usr/bin/env")
    process.arguments = program.hasPrefix("/") ? arguments : [program] + arguments
    let output = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
    try Data().write(to: output)
    defer { try? FileManager.default.removeItem(at: output) }
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    if let input {
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
    } else {
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }
    while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
    return (process.terminationStatus, String(decoding: try Data(contentsOf: output), as: UTF8.self))
}
