import Foundation
import GatehouseGateway
import GatehouseServer
import Testing

@testable import gatehouse

/// Which environment variables stop a start, which are ignored, and the warnings about those.
@Suite struct OwnVariablesTests {
    /// The variables that Kubernetes sets in every container of a namespace with a Service called `gatehouse` that has
    /// a named port, and one called `gatehouse-tls`.
    private static let ofServices = [
        "GATEHOUSE_SERVICE_HOST": "10.96.0.17", "GATEHOUSE_SERVICE_PORT": "8080",
        "GATEHOUSE_SERVICE_PORT_HTTP": "8080", "GATEHOUSE_PORT": "tcp://10.96.0.17:8080",
        "GATEHOUSE_PORT_8080_TCP": "tcp://10.96.0.17:8080", "GATEHOUSE_PORT_8080_TCP_PROTO": "tcp",
        "GATEHOUSE_PORT_8080_TCP_PORT": "8080", "GATEHOUSE_PORT_8080_TCP_ADDR": "10.96.0.17",
        "GATEHOUSE_TLS_SERVICE_HOST": "10.96.0.18", "GATEHOUSE_TLS_PORT": "udp://10.96.0.18:443",
        "GATEHOUSE_TLS_PORT_443_UDP_ADDR": "10.96.0.18",
    ]

    @Test func variableOfKubernetesIsIgnoredAndItsServiceNamed() async throws {
        let inForce = await Settings.inForce(flags: [:], variables: Self.ofServices, file: nil)
        #expect(try inForce.checked().gateway.server.port == 8080)
        #expect(inForce.origins["port"] == .standard)
        #expect(inForce.warnings.map(\.key) == Self.ofServices.keys.sorted())
        for warning in inForce.warnings {
            let service = warning.key.hasPrefix("GATEHOUSE_TLS") ? "gatehouse-tls" : "gatehouse"
            #expect(warning.sentence.contains("the Service \"\(service)\""), "\(warning)")
            #expect(warning.sentence.contains("enableServiceLinks"))
        }
    }

    @Test func anUnknownVariableWarnsAndTheStartGoesOn() async throws {
        let variables = ["GATEHOUSE_PROT": "hush-hush", "GATEHOUSE_PORT": "9000", "GATEHOUSEKEEPER": "x"]
        let inForce = await Settings.inForce(flags: [:], variables: variables, file: nil)
        #expect(try inForce.checked().gateway.server.port == 9000)
        #expect(inForce.warnings.map(\.key) == ["GATEHOUSE_PROT"])
        let sentence = try #require(inForce.warnings.first?.sentence)
        #expect(sentence.contains("did you mean \"GATEHOUSE_PORT\"?") && !sentence.contains("hush"))
    }

    @Test(arguments: ["x", "http://10.0.0.1:80", "10.0.0.1", "tcp:8080"])
    func aWrongValueOfAKnownVariableStopsTheStart(value: String) async {
        let inForce = await Settings.inForce(flags: [:], variables: ["GATEHOUSE_PORT": value], file: nil)
        #expect(inForce.faults.map(\.key) == ["GATEHOUSE_PORT"] && inForce.warnings.isEmpty)
    }

    /// A new setting whose variable has the form of Kubernetes' own would be ignored in silence.
    @Test func noVariableOfOursIsTakenForOneOfAService() {
        let known = SettingTable.all.map(\.variable) + OwnVariables.others
        let own = OwnVariables(in: Dictionary(uniqueKeysWithValues: known.map { ($0, "8080") }))
        #expect(own.warnings.isEmpty)
        #expect(own.values.count == known.count)
    }
}
