import ArgumentParser
import FoundationEssentials
import GatehouseCore

/// `gatehouse config`: the settings in force and the source of each.
struct Config: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the settings that `serve` would use, and the source of each.",
        discussion: """
            The command takes the same flags as `serve`, reads the same variables and the same file, and starts \
            nothing. Secrets are shown as dots. If settings are wrong, it prints every fault and the exit code is \
            78.

            gatehouse config --config gatehouse.yaml
            gatehouse config --example > gatehouse.yaml
            """)

    @Flag(help: "print a YAML file with every setting, its default and the reason for it")
    var example = false
    @Flag(help: "print JSON for programs instead of a table for people")
    var json = false
    @OptionGroup var flags: SettingFlags

    func run() async throws {
        if example {
            Descriptor.output.write(SettingTable.exampleFile)
            return
        }
        let inForce = await flags.settings(variables: ProcessInfo.processInfo.environment)
        Descriptor.output.write(json ? Self.json(inForce) : Self.text(inForce, width: Descriptor.output.width))
        for warning in inForce.warnings { Descriptor.errors.write("\(warning.key): \(warning.sentence)\n") }
        _ = try inForce.checked()
    }

    /// The settings as a table for people.
    static func text(_ inForce: SettingsInForce, width: Int?) -> String {
        var table = TextTable(["setting", "value", "from"])
        for setting in SettingTable.all {
            let origin = inForce.origins[setting.key] ?? .standard
            table.add([setting.key, setting.value(in: inForce.settings) ?? "", origin.name(of: setting)])
        }
        return table.text(width: width)
    }

    /// The settings for programs: `{"port": {"value": "8080", "from": "default"}, …}`.
    static func json(_ inForce: SettingsInForce) -> String {
        let members = SettingTable.all.map { setting in
            let origin = inForce.origins[setting.key] ?? .standard
            return JSONObject.Member(
                setting.key,
                ["value": .text(setting.value(in: inForce.settings)), "from": .string(origin.name(of: setting))])
        }
        return JSON.object(JSONObject(members)).compact + "\n"
    }
}
