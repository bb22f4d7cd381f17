internal import GatehouseControl
internal import GatehouseCore
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// `GET /openapi.json`: the description of this API for programs.
struct OpenAPI: Sendable {
    let dialects: DialectTable
    let drivers: DriverTable
    let description: ServedDescription

    /// Answers the document.
    func show(_ call: Call) async throws -> Response {
        let gateway = DescribedGateway(dialects: dialects, drivers: drivers, settings: call.settings)
        let bytes = description.bytes(of: gateway)
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The document of a gateway.
    static func document(of gateway: DescribedGateway) -> OpenAPIDocument {
        OpenAPIDocument(of: gateway, subjects: subjects(of: gateway), routes: Routes.built)
    }

    /// Every subject, in the order of the document.
    static func subjects(of gateway: DescribedGateway) -> [Subject] {
        [
            Events.subject(of: gateway), Kinds.subject(of: gateway), Organizations.subject, Panels.subject,
            Doors.subject(of: gateway), Keys.subject, Subscriptions.subject(of: gateway), Deliveries.subject,
            Triggers.subject, Persons.subject, Audit.subject, Status.subject, Health.subject, TokenRoute.subject,
        ]
    }
}

/// The served document: it does not change while the gateway runs, so it is written once, for the first request.
final class ServedDescription: Sendable {
    private let written = Mutex<[UInt8]?>(nil)

    /// The document's bytes.
    func bytes(of gateway: DescribedGateway) -> [UInt8] {
        written.withLock { written in
            let bytes = written ?? OpenAPI.document(of: gateway).json.bytes
            written = bytes
            return bytes
        }
    }
}
