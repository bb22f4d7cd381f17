import ArgumentParser
import Foundation
import GatehouseVerification
import Hummingbird

/// Verifies Standard Webhooks deliveries and prints one line per event: 204 to what verifies, 401 to what does not.
@main
struct Receiver: AsyncParsableCommand {
    @Option(help: "0 takes a free one.")
    var port = 8090

    @Option(help: "whsec_…, as the subscription showed it.")
    var secret: String

    func run() async throws {
        let verifier = try Verifier(.standard, secret: secret)
        let router = Router()
        router.post("**") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            return try Self.answer(to: request.headers, Array(body.readableBytesView), verifier)
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { Self.show("listening on http://127.0.0.1:\($0.localAddress?.port ?? 0)") })
        try await application.runService()
    }

    private static func answer(to headers: HTTPFields, _ body: [UInt8], _ verifier: Verifier) throws -> Response {
        let lines = headers.map { (name: $0.name.rawName, value: $0.value) }
        do {
            let now = UnixSeconds(Date().timeIntervalSince1970)
            let event = try verifier.verify(ReceivedRequest(headers: lines, body: body), now: now)
            // Only now is the body believed. Remember the id to take each event once: deliveries may repeat.
            show("\(event.id ?? "-") \(try JSONDecoder().decode(Event.self, from: Data(event.body)))")
            return Response(status: .noContent)
        } catch let refusal as VerificationError {
            throw HTTPError(.unauthorized, message: "\(refusal)")
        } catch is DecodingError {
            throw HTTPError(.badRequest, message: "this is no event")
        }
    }

    /// Writes a line at once: `print` would keep it back while standard output is a pipe.
    private static func show(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}

/// What happened, where and when.
private struct Event: Decodable, CustomStringConvertible {
    let type: String
    let time: String
    let data: Content

    struct Content: Decodable {
        let door: String?
    }

    var description: String { "\(type) door=\(data.door ?? "-") time=\(time)" }
}
