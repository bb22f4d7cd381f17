/// The settings as they are in force: each value with where it came from, and everything that is wrong.
struct SettingsInForce: Sendable {
    /// Where a value came from.
    enum Origin: Hashable, Sendable {
        case flag
        case variable
        case file(String)
        case standard

        /// How the setting is named there.
        func name(of setting: Setting) -> String {
            switch self {
            case .flag: setting.flag.map { "--\($0)" } ?? setting.key
            case .variable: setting.variable
            case .file(let path): "\(setting.key) in \(path)"
            case .standard: "default"
            }
        }
    }

    /// What is wrong with one key, and what would be right.
    struct SettingError: Hashable, Sendable {
        /// The key as it was named: `--port`, `GATEHOUSE_PORT`, `port in gatehouse.yaml`.
        let key: String
        /// What is wrong with it.
        let sentence: String
    }

    /// The settings; where something is at fault, its default stands.
    var settings = Settings()
    /// Where each value came from, by key.
    var origins: [String: Origin] = [:]
    /// Everything that is wrong and stops the start, in the order of the table.
    var faults: [SettingError] = []

    /// What was ignored, and why; it stops nothing.
    var warnings: [SettingError] = []

    /// The settings, if nothing is wrong. - Throws: all faults at once, one a line.
    func checked() throws(CommandError) -> Settings {
        guard faults.isEmpty else { throw CommandError(.configuration, sentence) }
        return settings
    }

    private var sentence: String {
        let lines = faults.map { "\n  \($0.key): \($0.sentence)" }.joined()
        let count = faults.count == 1 ? "a setting is" : "\(faults.count) settings are"
        return
            "\(count) not right:\(lines)\n"
            + "`gatehouse config` shows every setting, `gatehouse config --example` explains them."
    }
}
