import ArgumentParser
import Foundation
import GatehouseCore
import GatehouseDelivery
import GatehouseGateway
import GatehouseServer
import Logging
import Testing

@testable import gatehouse

@Suite struct SettingsTests {
    // MARK: Where a value comes from

    @Test func aFlagGoesBeforeAVariableAndAVariableBeforeTheFile() async throws {
        let file = try TemporaryFile("port: 3\nhost: from.file\ndrain: 7s\n")
        let inForce = await Settings.inForce(
            flags: ["port": "1"], variables: ["GATEHOUSE_PORT": "2", "GATEHOUSE_HOST": "from.variable"], file: file.path
        )
        let settings = try inForce.checked()
        #expect(settings.gateway.server.port == 1)
        #expect(settings.gateway.server.host == "from.variable")
        #expect(settings.gateway.drain == .seconds(7))
        #expect(settings.gateway.store == "sqlite:gatehouse.db")
        #expect(inForce.origins["port"] == .flag)
        #expect(inForce.origins["host"] == .variable)
        #expect(inForce.origins["drain"] == .file(file.path))
        #expect(inForce.origins["store"] == .standard)
    }

    @Test func theFileMayBeNamedByAVariableAndAFlagGoesBeforeIt() async throws {
        let (first, second) = (try TemporaryFile("port: 1\n"), try TemporaryFile("port: 2\n"))
        let variables = ["GATEHOUSE_CONFIG": first.path]
        #expect(
            try await Settings.inForce(flags: [:], variables: variables, file: nil).checked().gateway.server.port == 1)
        let named = await Settings.inForce(flags: [:], variables: variables, file: second.path)
        #expect(try named.checked().gateway.server.port == 2)
    }

    @Test func nestedKeysAreReadFromEverySource() async throws {
        let file = try TemporaryFile("log:\n  level: debug\nbounds:\n  eventBytes: 2048\n  idleTimeout: 90s\n")
        let settings = try await Settings.inForce(
            flags: ["bounds.depth": "8"], variables: ["GATEHOUSE_LOG_FORMAT": "json"], file: file.path
        ).checked()
        #expect(settings.logLevel == .debug)
        #expect(settings.logFormat == .json)
        #expect(settings.gateway.server.eventBytes == 2048)
        #expect(settings.gateway.server.idleTimeout == .seconds(90))
        #expect(settings.gateway.server.depth == 8)
    }

    @Test func retentionAndWaitLimitsAreSettings() async throws {
        let file = try TemporaryFile("keep:\n  events: 7d\n  audit: 800d\n  diskWarning: 90\n")
        let settings = try await Settings.inForce(
            flags: ["keep.attempts": "36h", "bounds.waitingPolls": "3"],
            variables: ["GATEHOUSE_KEEP_DEAD_DELIVERIES": "14d", "GATEHOUSE_BOUNDS_EVENT_STREAMS": "0"],
            file: file.path
        ).checked().gateway
        let days = Duration.seconds(86_400)
        #expect(settings.retention.events == days * 7 && settings.retention.audit == days * 800)
        #expect(settings.retention.attempts == .seconds(36 * 3600))
        #expect(settings.retention.deadDeliveries == days * 14 && settings.retention.commands == days * 14)
        #expect(settings.retention.diskWarning == 90)
        #expect(settings.server.waitingPolls == 3 && settings.server.eventStreams == 0)
    }

    @Test func defaultRetentionIsThePromisedOne() {
        let values = ["events", "attempts", "deadDeliveries", "audit", "diskWarning"].map {
            SettingTable.setting("keep.\($0)")?.value(in: Settings())
        }
        #expect(values == ["30d", "14d", "90d", "365d", "80"])
    }

    @Test func aCertificateAndItsKeyGoTogether() async throws {
        let both = try await Settings.inForce(
            flags: ["tls.certificate": "a.pem"], variables: ["GATEHOUSE_TLS_KEY": "b.pem"], file: nil
        ).checked()
        #expect(both.gateway.server.identity == ServerIdentity(certificate: "a.pem", key: "b.pem"))
        #expect(
            try await Settings.inForce(flags: [:], variables: [:], file: nil).checked().gateway.server.identity == nil)
        for (given, missing) in [("tls.certificate", "tls.key"), ("tls.key", "tls.certificate")] {
            let inForce = await Settings.inForce(flags: [given: "a.pem"], variables: [:], file: nil)
            #expect(inForce.faults.map(\.key) == [missing])
        }
    }

    @Test func rangesComeFromAFlagAVariableAndAList() async throws {
        let wanted = [try AddressRange("127.0.0.0/8"), try AddressRange("10.0.0.0/8")]
        let text = "127.0.0.0/8, 10.0.0.0/8"
        let file = try TemporaryFile("allowTargets: [127.0.0.0/8, 10.0.0.0/8]\n")
        for inForce in [
            await Settings.inForce(flags: ["allowTargets": text], variables: [:], file: nil),
            await Settings.inForce(flags: [:], variables: ["GATEHOUSE_ALLOW_TARGETS": text], file: nil),
            await Settings.inForce(flags: [:], variables: [:], file: file.path),
        ] {
            #expect(try inForce.checked().gateway.allowedTargets == wanted)
        }
    }

    @Test func thePublicAddressComesFromEverySourceWithoutItsLastSlash() async throws {
        let file = try TemporaryFile("publicUrl: https://gatehouse.example/doors/\n")
        for inForce in [
            await Settings.inForce(flags: ["publicUrl": "https://gatehouse.example/doors"], variables: [:], file: nil),
            await Settings.inForce(
                flags: [:], variables: ["GATEHOUSE_PUBLIC_URL": "https://gatehouse.example/doors//"], file: nil),
            await Settings.inForce(flags: [:], variables: [:], file: file.path),
        ] {
            #expect(try inForce.checked().gateway.server.publicURL == "https://gatehouse.example/doors")
        }
        #expect(SettingTable.setting("publicUrl")?.flag == "public-url")
        #expect(Settings().gateway.server.publicURL == nil)
    }

    @Test func theOperatorsURLKeepsItsPathAndQueryAndNeverShowsThem() async throws {
        let url = "https://ops.example/in?token=hush"
        let secret = "whsec_" + String(repeating: "MDEy", count: 8)
        let inForce = await Settings.inForce(
            flags: ["operatorUrl": url], variables: ["GATEHOUSE_OPERATOR_SECRET": secret], file: nil)
        let settings = try inForce.checked().gateway
        #expect(settings.operatorURL?.text == url)
        #expect(settings.operatorSecret?.revealed == secret)
        #expect(SettingTable.setting("operatorUrl")?.flag == "operator-url")
        #expect(SettingTable.setting("operatorSecret")?.flag == nil)
        let shown = Config.json(inForce) + Config.text(inForce, width: nil)
        #expect(shown.contains("https://ops.example") && !shown.contains("ops.example/in") && !shown.contains("hush"))
        #expect(!shown.contains(secret))
        #expect(Settings().gateway.operatorURL == nil && Settings().gateway.operatorSecret == nil)
    }

    @Test func theProxyNeverShowsItsPassword() async throws {
        for (flags, variables) in [
            (["egressProxy": "http://ana:hush-hush@proxy.example:3128"], [:]),
            ([:], ["GATEHOUSE_EGRESS_PROXY": "http://ana:hush-hush@proxy.example:3128/"]),
        ] as [([String: String], [String: String])] {
            let inForce = await Settings.inForce(flags: flags, variables: variables, file: nil)
            #expect(try inForce.checked().gateway.egressProxy?.port == 3128)
            let shown = Config.json(inForce) + Config.text(inForce, width: nil)
            #expect(shown.contains("http://•••@proxy.example:3128") && !shown.contains("hush"))
        }
        let wrong = await Settings.inForce(flags: ["egressProxy": "https://ana:hush@proxy"], variables: [:], file: nil)
        #expect(wrong.faults.map(\.key) == ["--egress-proxy"] && wrong.faults.first?.sentence.contains("hush") == false)
    }

    // MARK: What is wrong

    @Test func allFaultsAreToldAtOnceEachByItsKey() async throws {
        let file = try TemporaryFile("drain: soon\nhosst: x\nbounds:\n  dept: 3\nallowTargets: 10.0.0.0/8\n")
        let inForce = await Settings.inForce(
            flags: ["port": "70000"],
            variables: ["GATEHOUSE_LOG_LEVEL": "loud", "GATEHOUSE_ADMIN_KEY": "short"],
            file: file.path)
        #expect(
            Set(inForce.faults.map(\.key)) == [
                "--port", "GATEHOUSE_LOG_LEVEL", "GATEHOUSE_ADMIN_KEY", "drain in \(file.path)",
                "hosst in \(file.path)", "bounds.dept in \(file.path)", "allowTargets in \(file.path)",
            ])
        let failure = try #require(throws: CommandError.self) { try inForce.checked() }
        #expect(failure.sort == .configuration)
        for fault in inForce.faults { #expect(failure.sentence.contains(fault.key)) }
        #expect(failure.sentence.contains("did you mean \"host\"?"))
        #expect(failure.sentence.contains("did you mean \"bounds.depth\"?"))
    }

    @Test func faultySettingKeepsItsDefault() async {
        let inForce = await Settings.inForce(flags: ["port": "x"], variables: [:], file: nil)
        #expect(inForce.settings.gateway.server.port == 8080)
    }

    @Test(arguments: [
        ("store", ""), ("port", "-1"), ("port", "80.5"), ("drain", "30"), ("drain", "11m"), ("log.level", "INFO"),
        ("log.format", "xml"), ("bounds.depth", "1000"), ("allowTargets", "10.0.0.1/8"), ("allowTargets", "localhost"),
        ("storage.linger", "2s"), ("keep.events", "30m"), ("keep.diskWarning", "101"), ("bounds.waitingPolls", "-1"),
        ("egressProxy", "proxy:3128"), ("operatorUrl", "ops.example"), ("operatorUrl", "ftp://ops.example"),
        ("publicUrl", "gatehouse.example"), ("publicUrl", "ftp://gatehouse.example"),
        ("publicUrl", "https://gatehouse.example/?a=1"), ("publicUrl", "https://user@gatehouse.example"),
        ("publicUrl", "https:///"),
    ])
    func aBadValueIsRefused(key: String, value: String) async throws {
        let inForce = await Settings.inForce(flags: [key: value], variables: [:], file: nil)
        let setting = try #require(SettingTable.setting(key))
        #expect(inForce.faults.map(\.key) == ["--\(setting.flag ?? "")"])
    }

    @Test(arguments: ["whsec_c2hvcnQ=", "MDEyMDEyMDEyMDEyMDEyMDEyMDEyMDEy", "whsec_"])
    func aSecretThatSignsNothingIsRefusedAndNotRepeated(value: String) async throws {
        let inForce = await Settings.inForce(
            flags: [:], variables: ["GATEHOUSE_OPERATOR_SECRET": value], file: nil)
        let fault = try #require(inForce.faults.first)
        #expect(fault.key == "GATEHOUSE_OPERATOR_SECRET" && inForce.faults.count == 1)
        #expect(!fault.sentence.contains(value) || value == "whsec_")
    }

    @Test(arguments: ["a: [", "a: 1\na: 2\n", "- a\n- b\n", "port: {x: 1}\n", "allowTargets: [[1]]\n"])
    func aFileThatIsNoSettingsIsRefused(text: String) async throws {
        let file = try TemporaryFile(text)
        let inForce = await Settings.inForce(flags: [:], variables: [:], file: file.path)
        #expect(!inForce.faults.isEmpty)
    }

    @Test func aFileThatIsMissingIsAFault() async {
        let inForce = await Settings.inForce(flags: [:], variables: [:], file: "/nowhere/at/all.yaml")
        #expect(inForce.faults.map(\.key) == ["/nowhere/at/all.yaml"])
    }

    @Test(arguments: ["", "# nothing but this\n"])
    func anEmptyFileSaysNothing(text: String) async throws {
        let file = try TemporaryFile(text)
        #expect(await Settings.inForce(flags: [:], variables: [:], file: file.path).faults.isEmpty)
    }

    @Test func aBrokenFileIsNotQuoted() async throws {
        let file = try TemporaryFile("adminKey: \"very-secret-very-secret-very\n")
        let inForce = await Settings.inForce(flags: [:], variables: [:], file: file.path)
        #expect(!inForce.faults.isEmpty)
        for fault in inForce.faults { #expect(!fault.sentence.contains("very-secret")) }
    }

    // MARK: Secrets

    @Test func aSecretIsNeverShown() async throws {
        let key = "0123456789-admin-key-0123456789"
        let inForce = await Settings.inForce(flags: [:], variables: ["GATEHOUSE_ADMIN_KEY": key], file: nil)
        #expect(try inForce.checked().gateway.adminKey?.revealed == key)
        #expect(inForce.origins["adminKey"] == .variable)
        for text in [Config.text(inForce, width: nil), Config.json(inForce)] {
            #expect(!text.contains(key))
            #expect(text.contains("•••"))
        }
    }

    @Test func aWeakAdminKeyIsRefusedWithoutBeingShown() async {
        let inForce = await Settings.inForce(
            flags: [:], variables: ["GATEHOUSE_ADMIN_KEY": "weak-key-weak-key"], file: nil)
        #expect(inForce.faults.first?.sentence.contains("at least 24") == true)
        #expect(inForce.faults.first?.sentence.contains("weak") == false)
    }

    // MARK: The table

    @Test func theExampleFileIsWhatTheTableSays() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "gatehouse.example.yaml"), encoding: .utf8)
        #expect(text == SettingTable.exampleFile, "renew it: gatehouse config --example > gatehouse.example.yaml")
    }

    @Test func theExampleFileSetsEveryDefault() async throws {
        let file = try TemporaryFile(SettingTable.exampleFile)
        let inForce = await Settings.inForce(flags: [:], variables: [:], file: file.path)
        let settings = try inForce.checked()
        for setting in SettingTable.all {
            #expect(setting.value(in: settings) == setting.value(in: Settings()))
            let hasDefault = setting.value(in: Settings()) != nil
            #expect(inForce.origins[setting.key] == (hasDefault ? .file(file.path) : .standard))
        }
    }

    @Test func everySettingHasItsFlagExceptASecret() throws {
        for setting in SettingTable.all {
            guard let flag = setting.flag else {
                #expect(setting.isSecret)
                continue
            }
            let flags = try SettingFlags.parse(["--\(flag)", "given"])
            #expect(flags.given == [setting.key: "given"])
        }
    }

    @Test func keysVariablesAndFlagsAreNamedAlike() throws {
        let setting = try #require(SettingTable.setting("bounds.eventBytes"))
        #expect(setting.variable == "GATEHOUSE_BOUNDS_EVENT_BYTES")
        #expect(setting.flag == "bounds-event-bytes")
        #expect(Set(SettingTable.all.map(\.key)).count == SettingTable.all.count)
    }
}

/// A file that is removed with the test.
final class TemporaryFile {
    let path: String

    init(_ text: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "gatehouse-test-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
