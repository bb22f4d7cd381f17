import ArgumentParser
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Reads each body to its end and answers 202: as little as a server that takes events could do.
struct Trivial: AsyncParsableCommand {
    func run() async throws {
        let router = Router()
        router.post("/v1/events") { request, _ in
            _ = try await request.body.collect(upTo: 1 << 24)
            return HTTPResponse.Status.accepted
        }
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                let line = "listening on http://127.0.0.1:\(channel.localAddress?.port ?? 0)\n"
                FileHandle.standardOutput.write(Data(line.utf8))
            },
            logger: Logger(label: "trivial") { _ in SwiftLogNoOpLogHandler() })
        try await app.runService()
    }
}
