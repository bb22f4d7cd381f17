internal import Foundation
internal import GatehouseCore
internal import GatehouseDialects
internal import GatehouseGateway
internal import GatehouseServer
internal import GatehouseTesting
import HTTPTypes
import Testing

/// The served description is correct: every route in it is called with its own examples, on a whole gateway, and the
/// answer is one of the described ones.
@Suite(.timeLimit(.minutes(2))) struct DescribedCallTests {
    private static let methods: [String: HTTPRequest.Method] = [
        "get": .get, "post": .post, "patch": .patch, "delete": .delete,
    ]

    @Test func everyOperationAnswersItsOwnExampleAsDescribed() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            let setup = try await DescribedGateway.setUp(gateway)
            let description = try await Description(of: gateway)
            #expect(description.operations.count > 50)
            // Deletions come last.
            let deletions = description.operations.filter { $0.method == .delete }.reversed()
            for operation in description.operations.filter({ $0.method != .delete }) + deletions {
                for request in operation.requests(in: setup) {
                    let answer = try await gateway.send(
                        operation.method, request.path, key: operation.isKeyed ? LiveGateway.admin : nil,
                        headers: request.headers, body: request.body)
                    #expect((200..<300).contains(answer.status), "\(operation.name): \(answer.text)")
                    #expect(operation.faults(in: answer) == [], "\(operation.name) \(request.path)")
                }
            }
        }
    }

    @Test func everyExampleFitsItsSchema() async throws {
        try await LiveGateway.with(Dialects.all) { gateway in
            let description = try await Description(of: gateway)
            for operation in description.operations {
                #expect(operation.faultsOfExamples == [], "\(operation.name)")
            }
        }
    }

    /// Requests that every route refuses before it does anything.
    @Test func everyOperationRefusesAsDescribed() async throws {
        try await LiveGateway.with(Dialects.all, { $0.server.targetBytes = 1500 }) { gateway in
            let setup = try await DescribedGateway.setUp(gateway)
            let description = try await Description(of: gateway)
            for operation in description.operations {
                for wrong in try operation.wrongRequests(in: setup) {
                    let answer = try await gateway.send(
                        wrong.method ?? operation.method, wrong.request.path, key: wrong.key,
                        headers: wrong.request.headers, body: wrong.request.body)
                    #expect(answer.status == wrong.status, "\(operation.name), \(wrong.what): \(answer.text)")
                    if wrong.method == nil {
                        #expect(operation.faults(in: answer) == [], "\(operation.name), \(wrong.what)")
                    } else {
                        #expect(description.faultsOfWrongMethod(in: answer) == [], "\(operation.name)")
                    }
                }
            }
        }
    }
}

/// The document as a caller reads it.
struct Description {
    let document: JSON
    let checker: SchemaChecker

    init(of gateway: LiveGateway.Client) async throws {
        let answer = try await gateway.get("/openapi.json")
        try #require(answer.status == 200)
        document = answer.json
        checker = SchemaChecker(document)
    }

    var operations: [DescribedOperation] {
        (document["paths"]?.object?.members ?? []).flatMap { path in
            (path.value.object?.members ?? []).map { member in
                DescribedOperation(
                    path: path.key, method: HTTPRequest.Method(member.key.uppercased()) ?? .get, json: member.value,
                    checker: checker)
            }
        }
    }

    func faultsOfWrongMethod(in answer: LiveGateway.Client.Answer) -> [String] {
        guard let response = document["components"]?["responses"]?["open.wrong-method"] else { return ["no 405"] }
        return checker.faults(in: answer, by: response)
    }
}

extension SchemaChecker {
    /// The faults of an answer: its content type, its header fields, its body.
    func faults(in answer: LiveGateway.Client.Answer, by response: JSON) -> [String] {
        let response = resolved(response)
        var found: [String] = []
        for header in response["headers"]?.object?.members ?? [] {
            let header = (name: header.key, json: resolved(header.value))
            if let value = answer.field(header.name) {
                found += faults(in: .string(value), by: header.json["schema"] ?? .null, at: header.name)
            } else if header.json["required"] == true {
                found.append("\(header.name) is missing")
            }
        }
        guard let content = response["content"] else { return found + (answer.body.isEmpty ? [] : ["a body"]) }
        let type = answer.field("content-type")?.prefix { $0 != ";" } ?? ""
        guard let media = content[String(type)] else { return found + ["the content type \(type) is not described"] }
        let value = type.hasSuffix("json") ? answer.json : .string(answer.text)
        return found + faults(in: value, by: media["schema"] ?? .null)
    }
}
