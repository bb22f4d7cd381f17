import Foundation
import Testing

/// `gatehouse listen --tls` as OpenSSL sees it.
@Suite(.timeLimit(.minutes(1))) struct ListenTests {
    @Test(arguments: ["localhost", "127.0.0.1"])
    func theCertificateThatItMakesIsSound(host: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "listen-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let script = """
            "$1" listen --secret whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= --port 0 --host "$2" --tls 2> log &
            listener=$!
            until grep -q listening log; do kill -0 $listener || exit 9; sleep 0.05; done
            port=$(sed 's/.*://' log)
            openssl s_client -connect "$2:$port" -servername localhost < /dev/null 2> /dev/null | openssl x509 > own.pem
            kill $listener; wait $listener
            openssl x509 -in own.pem -noout -subject -issuer -ext subjectAltName -checkend 86000 || exit 1
            openssl x509 -in own.pem -noout -text | grep -E 'Version|Signature Algorithm|Public-Key|ASN1 OID|Not '
            openssl verify -x509_strict -CAfile own.pem own.pem
            """
        let binary = GatewayProcess.built("gatehouse").path
        let told = try await run("sh", ["-c", "cd \"$3\"; " + script, "sh", binary, host, folder.path])
        #expect(told.code == 0, "\(told.output)")
        for line in ["subject=CN = \(host)", "issuer=CN = \(host)", "DNS:\(host)", "Version: 3", "own.pem: OK"] {
            #expect(told.output.contains(line), "\(line): \(told.output)")
        }
        #expect(told.output.contains("ecdsa-with-SHA256") && told.output.contains("prime256v1"))
        try FileManager.default.removeItem(at: folder)
    }
}
