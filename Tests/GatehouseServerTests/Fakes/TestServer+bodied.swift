import Foundation
import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A request to a route that reads a body, up to where the body begins.
struct BodiedRequest: Sendable {
    /// Method and path.
    let line: String
    /// The caller, and the type of the body.
    let fields: [String]
    /// Whether its refusals have a vendor's form.
    var isVendors: Bool { line.contains(" /plain") }

    /// The head with more fields.
    func head(_ more: [String]) -> String {
        (["\(line) HTTP/1.1", "Host: x"] + fields + more).joined(separator: "\r\n") + "\r\n\r\n"
    }
}

extension TestServer {
    /// One request for each route that reads a body, with an accepted credential.
    func bodiedRequests() async throws -> [BodiedRequest] {
        let names = try await Self.names(self)
        let client = "Basic " + Self.basic(try await credential(.manager))
        let bodied = routes.filter { ![.get, .delete].contains($0.method) && !Self.readNone.contains($0.pattern) }
        return bodied.map { route in
            let path = names.reduce(route.pattern) { $0.replacing($1.key, with: $1.value) }
            let isForm = path == "/oauth2/token"
            return BodiedRequest(
                line: "\(route.method.rawValue) \(path)",
                fields: [
                    "Authorization: \(isForm ? client : "Bearer \(TestServer.admin)")",
                    "Content-Type: application/\(isForm ? "x-www-form-urlencoded" : "json")",
                ])
        }
    }

    /// Routes whose handlers ignore a body.
    private static let readNone: Set<String> = ["/plain/{organization}/trials"]

    /// The values for the placeholders of the patterns: resources that are looked up before a body is read must exist.
    private static func names(_ server: TestServer) async throws -> [String: String] {
        func made(_ path: String, _ json: JSON) async throws -> String {
            let answer = try await server.post(path, json)
            try #require(answer.status == 201, "\(answer.text)")
            return answer.json?["id"]?.text ?? ""
        }
        return [
            "{organization}": "acme", "{panel}": "p-acme", "{door}": "d-acme", "{source}": "none",
            "{subscription}": try await made(
                "/v1/subscriptions",
                ["name": "n", "dialect": "plain", "url": "https://a.example/", "organization": "acme"]),
            "{trigger}": try await made("/v1/triggers", ["name": "T", "organization": "acme"]),
            "{key}": try await made("/v1/keys", ["name": "K", "role": "reporter", "organization": "acme"]),
        ]
    }

    private static func basic(_ credential: String) -> String {
        let id = Credential.keyID(in: credential)?.text ?? ""
        return Data("\(id):\(credential)".utf8).base64EncodedString()
    }
}
