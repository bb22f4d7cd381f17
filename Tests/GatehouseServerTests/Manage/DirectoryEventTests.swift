import GatehouseControl
import GatehouseCore
import GatehouseTesting
import HTTPTypes
import Testing

@testable import GatehouseServer

/// Every change by a caller of the gateway raises an event, with the caller and the address.
@Suite struct DirectoryEventTests {
    private static let ana = Key.Owner(id: "u1", firstName: "Ana", lastName: "Reis", email: "ana@example.com")

    private func lastEvent(of server: TestServer) async throws -> Event { try #require(try await server.taken().last) }

    @Test func organizationChangesRaiseEvents() async throws {
        let server = try await TestServer()
        _ = try await server.post("/v1/organizations", ["id": "south", "name": "South", "parent": "acme"])
        var event = try await lastEvent(of: server)
        #expect(event.kind == .organizationCreated)
        #expect(event.organization.text == "south")
        #expect(
            event.data["organization"] == ["id": "south", "name": "South", "parent": "acme", "timeZone": "UTC"])
        _ = try await server.send(TestRequest(.patch, "/v1/organizations/south", json: ["name": "Deep south"]))
        event = try await lastEvent(of: server)
        #expect(event.kind == .organizationUpdated)
        #expect(event.data["organization"]?["name"] == "Deep south")
        _ = try await server.send(TestRequest(.delete, "/v1/organizations/south"))
        event = try await lastEvent(of: server)
        #expect(event.kind == .organizationDeleted)
        #expect(event.organization.text == "acme", "the organization that is informed must still exist")
        #expect(event.data["organization"]?["id"] == "south")
    }

    @Test func panelChangesRaiseEvents() async throws {
        let server = try await TestServer()
        _ = try await server.post("/v1/panels", ["id": "p9", "organization": "acme", "name": "Nine", "number": 9])
        #expect(try await lastEvent(of: server).kind == .panelCreated)
        #expect(try await lastEvent(of: server).labels.panelName == "Nine")
        #expect(try await lastEvent(of: server).labels.panelNumber == 9)
        _ = try await server.send(TestRequest(.patch, "/v1/panels/p9", json: ["name": "Ten"]))
        #expect(try await lastEvent(of: server).kind == .panelUpdated)
        #expect(try await lastEvent(of: server).data["details"]?["name"] == "Ten")
        _ = try await server.send(TestRequest(.delete, "/v1/panels/p9"))
        #expect(try await lastEvent(of: server).kind == .panelDeleted)
        #expect(try await lastEvent(of: server).panel == PanelID("p9"))
    }

    @Test func doorChangesRaiseEvents() async throws {
        let server = try await TestServer()
        _ = try await server.post("/v1/doors", ["id": "d9", "panel": "p-acme", "number": 9, "name": "Nine"])
        #expect(try await lastEvent(of: server).kind == .deviceCreated)
        #expect(try await lastEvent(of: server).labels.doorNumber == 9)
        #expect(try await lastEvent(of: server).labels.panelNumber == 7)
        #expect(try await lastEvent(of: server).labels.isAttendancePoint == false)
        _ = try await server.send(TestRequest(.patch, "/v1/doors/d9", json: ["name": "Ten"]))
        #expect(try await lastEvent(of: server).kind == .deviceUpdated)
        #expect(try await lastEvent(of: server).labels.doorName == "Ten")
        #expect(
            try await lastEvent(of: server).data["details"] == [
                "prevState": ["name": "Nine", "number": 9, "attendance": false, "driver": .null],
                "newState": ["name": "Ten", "number": 9, "attendance": false, "driver": .null],
            ])
        let driver: JSON = ["driver": ["type": "paper", "colour": "never told"]]
        _ = try await server.send(TestRequest(.patch, "/v1/doors/d9", json: driver))
        let told = JSON.object(try await lastEvent(of: server).data).compact
        #expect(told.contains(#""driver":"paper""#) && !told.contains("never told"), "\(told)")
        _ = try await server.send(TestRequest(.delete, "/v1/doors/d9"))
        #expect(try await lastEvent(of: server).kind == .deviceDeleted)
        #expect(try await lastEvent(of: server).door == DoorID("d9"))
    }

    @Test func changeIsAuditedWithItsCallerAndAddress() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager, owner: Self.ana)
        var request = TestRequest(.patch, "/v1/panels/p-acme", credential, json: ["name": "Renamed"])
        request.headers[.userAgent] = "Integrator/1.0"
        request.address = "192.0.2.7"
        _ = try await server.send(request)
        let event = try await lastEvent(of: server)
        #expect(event.data["user"] == ["id": "u1", "firstName": "Ana", "lastName": "Reis"])
        #expect(event.data["clientInfo"] == ["ipAddress": "192.0.2.7", "userAgent": "Integrator/1.0"])
    }

    @Test func programsKeyIsItsOwnUser() async throws {
        let server = try await TestServer()
        let credential = try await server.credential(.manager)
        _ = try await server.send(TestRequest(.patch, "/v1/panels/p-acme", credential, json: ["name": "Renamed"]))
        let user = try #require(try await lastEvent(of: server).data["user"])
        #expect(user["id"]?.text == Credential.keyID(in: credential)?.text)
        #expect(user["firstName"] == "manager")
    }

    private static let idle: [(path: String, body: JSON)] = [
        ("/v1/panels/p-acme", ["name": "Panel", "number": 7]), ("/v1/organizations/acme", ["name": "acme"]),
        ("/v1/doors/d-acme", [:]),
    ]

    @Test(arguments: idle)
    func changeWithoutEffectRaisesNoEvent(path: String, body: JSON) async throws {
        let server = try await TestServer()
        #expect(try await server.send(TestRequest(.patch, path, json: body)).status == 200)
        #expect(try await server.taken().isEmpty)
    }

    @Test func refusedChangeRaisesNoEvent() async throws {
        let server = try await TestServer()
        try await server.post("/v1/panels", ["id": "p-acme", "organization": "acme", "name": "Again"])
            .expectProblem(409)
        server.gate.goAway()
        try await server.send(TestRequest(.delete, "/v1/doors/d-acme")).expectProblem(503)
        server.gate.comeBack()
        #expect(try await server.taken().isEmpty)
        #expect(server.parts.directory.directory.door(DoorID("d-acme"), in: OrganizationID("acme")) != nil)
    }

    @Test func eventsNameTheClientBehindTheProxy() async throws {
        let server = try await TestServer()
        var request = TestRequest(.patch, "/v1/organizations/acme", json: ["name": "New"])
        request.address = "10.1.1.1"
        request.headers[try #require(HTTPField.Name("X-Forwarded-For"))] = "198.51.100.1"
        #expect(try await server.send(request).status == 200)
        let told = try #require(try await server.taken().last)
        #expect(told.data["clientInfo"]?["ipAddress"] == "198.51.100.1")
    }
}
