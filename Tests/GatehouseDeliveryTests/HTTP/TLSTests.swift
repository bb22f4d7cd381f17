import Foundation
import GatehouseCore
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import GatehouseDelivery

/// `openssl` makes the certificates when the tests run, so that none expires in the repository.
@Suite struct TLSTests {
    /// An authority and what it signed, in a folder of its own.
    final class Authority: Sendable {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "gatehouse-tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Self.openssl(
                folder,
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem"
                    + " -days 2 -subj /CN=Test-Authority")
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        var roots: TrustRoots { .file(path: folder.appending(path: "ca.pem").path) }

        /// A server's TLS with a certificate for these names.
        func server(
            _ names: String, days: String = "-days 2", isSelfSigned: Bool = false, newest: TLSVersion? = nil,
            wantsCertificate: Bool = false
        ) throws -> NIOSSLContext {
            let name = UUID().uuidString
            try Data("subjectAltName=\(names)\n".utf8).write(to: folder.appending(path: "\(name).ext"))
            try Self.openssl(
                folder,
                "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout \(name).key"
                    + " -out \(name).csr -subj /CN=\(name)")
            let signer = isSelfSigned ? "-signkey \(name).key" : "-CA ca.pem -CAkey ca.key -CAcreateserial"
            try Self.openssl(
                folder, "x509 -req -in \(name).csr \(signer) -out \(name).pem \(days) -extfile \(name).ext")
            let chain = try NIOSSLCertificate.fromPEMFile(folder.appending(path: "\(name).pem").path)
            let key = try NIOSSLPrivateKey(file: folder.appending(path: "\(name).key").path, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.maximumTLSVersion = newest
            if wantsCertificate { configuration.certificateVerification = .noHostnameVerification }
            return try NIOSSLContext(configuration: configuration)
        }

        private static func openssl(_ folder: URL, _ arguments: String) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
            process.currentDirectoryURL = folder
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "openssl \(arguments)")
        }
    }

    private func bench(_ authority: Authority) throws -> Workbench {
        var settings = PoolSettings()
        settings.trustRoots = authority.roots
        let bench = try Workbench(settings: settings)
        bench.names.set("good.example", ["127.0.0.1"], validFor: .seconds(60))
        bench.names.set("other.example", ["127.0.0.1"], validFor: .seconds(60))
        return bench
    }

    private func server(_ tls: NIOSSLContext) async throws -> ScriptedServer {
        try await ScriptedServer(tls: tls) { _, _ in [.write(HTTPSinkTests.ok)] }
    }

    @Test func aCertificateForTheNameIsTrustedAndTheConnectionKept() async throws {
        let authority = try Authority()
        let server = try await server(authority.server("DNS:good.example"))
        let bench = try bench(authority)
        try await onOneLoop {
            for _ in 1...5 {
                let outcome = try await bench.send("https://good.example:\(server.port)/")
                #expect(outcome.status == 200)
            }
        }
        #expect(server.counts.connections == 1)
    }

    @Test func anotherNamesCertificateIsUntrusted() async throws {
        let authority = try Authority()
        let server = try await server(authority.server("DNS:good.example"))
        let outcome = try await bench(authority).send("https://other.example:\(server.port)/")
        #expect(outcome.word == "untrusted")
        #expect(server.counts.requests.isEmpty)
    }

    @Test func anAddressIsProvenByACertificateForIt() async throws {
        let authority = try Authority()
        let right = try await server(authority.server("IP:127.0.0.1"))
        let wrong = try await server(authority.server("DNS:good.example,IP:127.0.0.2"))
        let bench = try bench(authority)
        #expect(try await bench.send("https://127.0.0.1:\(right.port)/").status == 200)
        #expect(try await bench.send("https://127.0.0.1:\(wrong.port)/").word == "untrusted")
    }

    @Test func aSelfSignedCertificateIsUntrusted() async throws {
        let authority = try Authority()
        let server = try await server(authority.server("DNS:good.example", isSelfSigned: true))
        #expect(try await bench(authority).send("https://good.example:\(server.port)/").word == "untrusted")
    }

    /// A subscription without verification gets a connection of its own: the same receiver is verified for all others.
    @Test func anyCertificateIsAcceptedOnlyWithoutVerification() async throws {
        let authority = try Authority()
        let server = try await server(authority.server("DNS:never.example", days: "-days -1", isSelfSigned: true))
        let bench = try bench(authority)
        let url = "https://good.example:\(server.port)/"
        try await onOneLoop {
            for isVerified in [true, false, true, false] {
                let outcome = try await bench.send(url, verified: isVerified)
                #expect(outcome.word == (isVerified ? "untrusted" : "accepted"))
            }
        }
        #expect(server.counts.requests.count == 2)
        #expect(try await bench.send("https://good.example:1/", verified: false).word == "unreachable")
    }

    @Test func anExpiredCertificateIsUntrusted() async throws {
        let authority = try Authority()
        let tls = try authority.server(
            "DNS:good.example", days: "-days -1")
        let server = try await server(tls)
        #expect(try await bench(authority).send("https://good.example:\(server.port)/").word == "untrusted")
    }

    @Test func theSystemsRootsDoNotTrustATestAuthority() async throws {
        let authority = try Authority()
        let server = try await server(authority.server("DNS:good.example"))
        let bench = try Workbench()
        bench.names.set("good.example", ["127.0.0.1"])
        #expect(try await bench.send("https://good.example:\(server.port)/").word == "untrusted")
    }

    @Test func oldTLSIsRefused() async throws {
        let authority = try Authority()
        let server = try await server(authority.server("DNS:good.example", newest: .tlsv11))
        #expect(try await bench(authority).send("https://good.example:\(server.port)/").word == "untrusted")
    }

    @Test(arguments: [
        [ScriptedServer.Step.close], [.reset], [.write("HTTP/1.1 400 Bad\r\n\r\n")],
        [.bytes([0x16, 3, 3, 0xFF, 0xFF])],
    ])
    func aServerThatSpeaksNoTLSIsUntrusted(_ steps: [ScriptedServer.Step]) async throws {
        let authority = try Authority()
        for trigger in [ScriptedServer.Trigger.connection, .request] {
            let server = try await ScriptedServer(on: trigger) { _, _ in steps }
            let (outcome, took) = try await timed {
                try await bench(authority).send("https://good.example:\(server.port)/", within: .milliseconds(300))
            }
            #expect(["untrusted", "unreachable", "timed-out"].contains(outcome.word), "\(outcome)")
            #expect(took < .seconds(2))
        }
    }

    @Test func aServerThatIsSilentInTheHandshakeIsTimedOut() async throws {
        let authority = try Authority()
        let server = try await ScriptedServer { _, _ in [] }
        let outcome = try await bench(authority).send("https://127.0.0.1:\(server.port)/", within: .milliseconds(500))
        #expect(outcome == .timedOut(.handshake))
        #expect(await becomes { server.counts.open == 0 })
    }

    @Test func aCutBehindTheHandshakeIsBroken() async throws {
        let authority = try Authority()
        let server = try await ScriptedServer(tls: authority.server("DNS:good.example")) { _, _ in [.reset] }
        #expect(try await bench(authority).send("https://good.example:\(server.port)/").word == "broken")
    }

    @Test func missingRootsTrustNoReceiverAndSaySo() async throws {
        let authority = try Authority()
        let server = try await server(authority.server("DNS:good.example"))
        var settings = PoolSettings()
        settings.trustRoots = .file(path: authority.folder.appending(path: "missing.pem").path)
        #expect(settings.trustRoots.fault != nil)
        #expect(authority.roots.fault == nil)
        let bench = try Workbench(settings: settings)
        bench.names.set("good.example", ["127.0.0.1"])
        #expect(try await bench.send("https://good.example:\(server.port)/").word == "untrusted")
    }
}
