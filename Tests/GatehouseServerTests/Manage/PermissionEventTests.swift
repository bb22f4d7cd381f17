import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// A key that is given to a person is a permission: it is created, accepted by its first use, changed and removed.
@Suite struct PermissionEventTests {
    private static let owner: JSON = [
        "id": "u1", "firstName": "Ana", "lastName": "Reis", "email": "ana@example.com",
    ]

    private func invited(_ server: TestServer) async throws -> (id: String, credential: String) {
        let made = try await server.post(
            "/v1/keys", ["name": "Ana's", "role": "reporter", "organization": "acme", "owner": Self.owner])
        #expect(made.status == 201, "\(made.text)")
        #expect(made.json?["owner"] == Self.owner)
        return (try #require(made.json?["id"]?.text), try #require(made.json?["key"]?.text))
    }

    @Test func invitationRaisesAnEvent() async throws {
        let server = try await TestServer()
        let (id, _) = try await invited(server)
        let event = try #require(try await server.taken().last)
        #expect(event.kind == .permissionCreated)
        #expect(event.organization.text == "acme")
        #expect(
            event.data["permission"] == [
                "ou": "acme", "email": "ana@example.com", "name": "Ana Reis", "role": "reporter", "userId": nil,
            ])
        let shown = try await server.get("/v1/keys/\(id)")
        #expect(shown.json?["owner"] == Self.owner)
        #expect(shown.json?["accepted"] == .null)
    }

    @Test func firstUseAcceptsThePermissionOnce() async throws {
        let server = try await TestServer()
        let (id, credential) = try await invited(server)
        for _ in 0..<3 { _ = try await server.get("/v1/doors", credential) }
        let told = try await server.taken().filter { $0.kind == .permissionAccepted }
        #expect(told.count == 1)
        #expect(told.first?.data["permission"]?["userId"] == "u1")
        #expect(told.first?.data["user"] == ["id": "u1", "firstName": "Ana", "lastName": "Reis"])
        #expect(try await server.get("/v1/keys/\(id)").json?["accepted"]?.text != nil)
        let reopened = try await KeyRegistry(opening: server.store, now: server.parts.clock.now)
        #expect(reopened[KeyID(id)]?.isInvitation == false)
    }

    @Test func simultaneousFirstUsesAcceptThePermissionOnce() async throws {
        let server = try await TestServer()
        let (_, credential) = try await invited(server)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await server.get("/v1/doors", credential) } }
            try await group.waitForAll()
        }
        #expect(try await server.taken().count { $0.kind == .permissionAccepted } == 1)
    }

    @Test func storeOutageLeavesTheFirstUseForTheNext() async throws {
        let server = try await TestServer()
        let (_, credential) = try await invited(server)
        server.gate.goAway()
        #expect(try await server.get("/v1/doors", credential).status == 200)
        server.gate.comeBack()
        #expect(try await server.taken().count { $0.kind == .permissionAccepted } == 0)
        _ = try await server.get("/v1/doors", credential)
        #expect(try await server.taken().count { $0.kind == .permissionAccepted } == 1)
    }

    @Test func changeAndRemovalRaiseEvents() async throws {
        let server = try await TestServer()
        let (id, credential) = try await invited(server)
        _ = try await server.get("/v1/doors", credential)
        _ = try await server.send(TestRequest(.patch, "/v1/keys/\(id)", json: ["role": "manager"]))
        var event = try #require(try await server.taken().last)
        #expect(event.kind == .permissionUpdated)
        #expect(event.data["permission"]?["role"] == "manager")
        #expect(event.data["permission"]?["userId"] == "u1")
        _ = try await server.send(TestRequest(.delete, "/v1/keys/\(id)"))
        event = try #require(try await server.taken().last)
        #expect(event.kind == .permissionDeleted)
    }

    @Test func keyOfAProgramShowsNoOwner() async throws {
        let server = try await TestServer()
        let made = try await server.post("/v1/keys", ["name": "P", "role": "reporter", "organization": "acme"])
        _ = try await server.get("/v1/doors", try #require(made.json?["key"]?.text))
        #expect(try await server.taken().isEmpty)
    }

    private static let wrong: [(JSON, String)] = [
        ("Ana", "owner"), (["firstName": "A", "lastName": "B"], "owner.email"),
        (["firstName": "A", "lastName": "B", "email": "nobody"], "owner.email"),
        (["firstName": "A", "lastName": "B", "email": "a b@c"], "owner.email"),
        (["firstName": "", "lastName": "B", "email": "a@b"], "owner.firstName"),
        (["id": "a/b", "firstName": "A", "lastName": "B", "email": "a@b"], "owner.id"),
        (["firstName": "A", "lastName": "B", "email": "a@b", "age": 7], "owner.age"),
    ]

    @Test(arguments: wrong)
    func wrongOwnerIsNamedAndNothingIsCreated(owner: JSON, field: String) async throws {
        let server = try await TestServer()
        try await server.post(
            "/v1/keys", ["name": "N", "role": "reporter", "organization": "acme", "owner": owner]
        ).expectProblem(422, field: field)
        #expect(try await server.get("/v1/keys").items.isEmpty)
        #expect(try await server.taken().isEmpty)
    }

    @Test func ownerOfAKeyCannotChange() async throws {
        let server = try await TestServer()
        let (id, _) = try await invited(server)
        let path = "/v1/keys/\(id)"
        try await server.send(TestRequest(.patch, path, json: ["owner": nil])).expectProblem(422, field: "owner")
        #expect(try await server.send(TestRequest(.patch, path, json: ["owner": Self.owner])).status == 200)
    }
}
