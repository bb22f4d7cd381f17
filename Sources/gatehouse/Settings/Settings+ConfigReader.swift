import Configuration
import GatehouseCore
import GatehouseGateway
import GatehouseServer
import Synchronization

extension Settings {
    /// Reads the settings: flags before variables, variables before the file, the file before the defaults.
    ///
    /// - Parameters:
    ///   - flags: the values of the given flags, by key.
    ///   - file: the file that a flag names; without it, the file of `GATEHOUSE_CONFIG`.
    static func inForce(
        flags: [String: String], variables: [String: String], file: String?
    ) async -> SettingsInForce {
        var result = SettingsInForce()
        let variables = OwnVariables(in: variables)
        result.warnings += variables.warnings
        let path = file ?? variables.values["GATEHOUSE_CONFIG"]
        var providers: [(origin: SettingsInForce.Origin, provider: any ConfigProvider)] = [
            (.flag, self.provider(flags)),
            (
                .variable,
                EnvironmentVariablesProvider(environmentVariables: variables.values).prefixKeys(with: "gatehouse")
            ),
        ]
        if let path {
            do {
                if let provider = try await SettingsFile(path).provider(faults: &result.faults) {
                    providers.append((.file(path), provider))
                }
            } catch {
                result.faults.append(.init(key: path, sentence: error.sentence))
            }
        }
        let witness = Witness()
        let reader = ConfigReader(providers: providers.map(\.provider), accessReporter: witness)
        for setting in SettingTable.all {
            read(setting, with: reader, seenBy: witness, origins: providers.map(\.origin), into: &result)
        }
        joinIdentity(in: &result)
        return result
    }

    /// Certificate and key need each other.
    private static func joinIdentity(in result: inout SettingsInForce) {
        switch (result.settings.certificate, result.settings.certificateKey) {
        case (let certificate?, let key?):
            result.settings.gateway.server.identity = ServerIdentity(certificate: certificate, key: key)
        case (nil, nil): break
        case (_?, nil):
            result.faults.append(.init(key: "tls.key", sentence: "it is missing: tls.certificate needs its key"))
        case (nil, _?):
            result.faults.append(
                .init(key: "tls.certificate", sentence: "it is missing: tls.key is the key of a certificate"))
        }
    }

    private static func read(
        _ setting: Setting, with reader: ConfigReader, seenBy witness: Witness, origins: [SettingsInForce.Origin],
        into result: inout SettingsInForce
    ) {
        let key = ConfigKey(setting.components)
        let values =
            setting.isList
            ? reader.stringArray(forKey: key)
            : reader.string(forKey: key, isSecret: setting.isSecret).map { [$0] }
        let sight = witness.last
        let origin = sight.place.map { origins[$0] } ?? .standard
        result.origins[setting.key] = origin
        if sight.isFailure {
            let wanted = setting.isList ? "a list, for example [10.0.0.0/8]" : "one value"
            result.faults.append(.init(key: origin.name(of: setting), sentence: "it takes \(wanted)"))
        } else if let values, let sentence = setting.set(values, in: &result.settings) {
            result.faults.append(.init(key: origin.name(of: setting), sentence: sentence))
        }
    }

    private static func provider(_ flags: [String: String]) -> InMemoryProvider {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for setting in SettingTable.all {
            guard let text = flags[setting.key] else { continue }
            let list = text.split(separator: ",").map { $0.filter { $0 != " " } }
            let content: ConfigContent = setting.isList ? .stringArray(list) : .string(text)
            values[AbsoluteConfigKey(setting.components)] = ConfigValue(content, isSecret: setting.isSecret)
        }
        return InMemoryProvider(name: "flags", values: values)
    }
}

/// Observes which provider gave a value; the reader itself does not say.
private final class Witness: AccessReporter {
    struct Sight {
        var place: Int?
        var isFailure = false
    }

    private let state = Mutex(Sight())

    var last: Sight { state.withLock { $0 } }

    func report(_ event: AccessEvent) {
        // The reader asks one provider after the other and stops at the first that has a value or fails. It reports no
        // failure for an optional value, so the provider's own result is read.
        var sight = Sight()
        switch event.providerResults.last?.result {
        case .success(let found): sight.place = found.value == nil ? nil : event.providerResults.count - 1
        case .failure: sight = Sight(place: event.providerResults.count - 1, isFailure: true)
        case nil: break
        }
        state.withLock { $0 = sight }
    }
}
