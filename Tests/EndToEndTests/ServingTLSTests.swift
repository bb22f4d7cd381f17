import Foundation
import GatehouseClient
import GatehouseCore
import Testing

/// A gateway that serves TLS itself, as a user starts one, called with the real curl.
@Suite struct ServingTLSTests {
    /// A certificate for localhost and its key, made by openssl in the gateway's folder.
    private func makeIdentity(in folder: URL, _ name: String = "own") async throws -> (certificate: String, key: String)
    {
        let files = (folder.appending(path: "\(name).crt").path, folder.appending(path: "\(name).key").path)
        let made = try await run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out", files.0, "-keyout",
                files.1,
            ])
        try #require(made.code == 0, "\(made.output)")
        return files
    }

    @Test func itIsCalledByHTTPSAndByNothingElse() async throws {
        let gateway = try GatewayProcess()
        let identity = try await makeIdentity(in: gateway.folder)
        try await gateway.start(["--tls-certificate", identity.certificate, "--tls-key", identity.key])
        #expect(gateway.output().contains("listening on https://127.0.0.1:"))
        let url = "https://localhost:\(gateway.port)"
        let trusting = ["-sS", "-m", "20", "--cacert", identity.certificate]
        let alive = try await run(
            "curl", trusting + ["-o", "/dev/null", "-w", "%{http_code} %{ssl_verify_result}", url + "/livez"])
        #expect(alive.output == "200 0")
        let issuer = try await run("curl", trusting + [url + "/.well-known/openid-configuration"])
        // The bound address, independent of the name that the caller uses.
        let bound = "https://127.0.0.1:\(gateway.port)"
        #expect(issuer.output.contains(#""issuer":"\#(bound)""#), "\(issuer.output)")
        let unknown = try await run("curl", ["-sS", "-m", "20", url + "/livez"])
        #expect(unknown.code == 60, "a certificate without a trusted authority")
        let plain = try await run("curl", ["-sS", "-m", "20", "http://localhost:\(gateway.port)/livez"])
        #expect(plain.code != 0)
        #expect(try await run("curl", trusting + ["-o", "/dev/null", url + "/livez"]).code == 0)
        let list = ["organizations", "list", "--url", url, "--key", GatewayProcess.adminKey]
        let listed = try await run(
            GatewayProcess.built("gatehouse").path, list + ["--authorities", identity.certificate, "--json"])
        #expect(listed.code == 0 && listed.output.contains(#""items":[]"#), "\(listed.output)")
        let stranger = try await run(GatewayProcess.built("gatehouse").path, list)
        #expect(stranger.code == 69 && stranger.output.contains("is self-signed"), "\(stranger.output)")
        for (trust, isTrusted): (APIClient.Trust, Bool) in [
            (.authorities(file: identity.certificate), true), (.insecure, true), (.system, false),
        ] {
            var settings = APIClient.Settings()
            settings.trust = trust
            let client = try APIClient(url: url, key: GatewayProcess.adminKey, settings: settings)
            if isTrusted {
                #expect(try await client.isAlive())
            } else {
                let error = await #expect(throws: GatehouseError.self) { try await client.isAlive() }
                guard case .untrusted = error else { Issue.record("\(String(describing: error))"); break }
            }
        }
        #expect(await gateway.stop() == 0)
        await gateway.remove()
    }

    @Test func unusableFileIsNamedAtTheStart() async throws {
        let gateway = try GatewayProcess()
        let (own, other) = (
            try await makeIdentity(in: gateway.folder), try await makeIdentity(in: gateway.folder, "other")
        )
        for (certificate, key, word) in [
            ("nowhere.pem", own.key, "nowhere.pem"), (own.certificate, "nowhere.pem", "nowhere.pem"),
            (own.key, own.key, own.key), (own.certificate, own.certificate, own.certificate),
            (own.certificate, other.key, "is not the one of the certificate"),
        ] {
            let started = try await run(
                GatewayProcess.built("gatehouse").path,
                [
                    "serve", "--port", "0", "--store", "sqlite::memory:", "--tls-certificate", certificate, "--tls-key",
                    key,
                ])
            #expect(started.code == 78, "\(started.output)")
            #expect(started.output.contains(word) && started.output.contains("tls: "), "\(started.output)")
            #expect(!started.output.contains("PRIVATE KEY"))
        }
        await gateway.remove()
    }
}
