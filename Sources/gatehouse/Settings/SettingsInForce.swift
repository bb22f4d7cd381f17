/// The settings in force: each value with its origin, and everything that is wrong.
struct SettingsInForce: Sendable {
    /// The origin of a value.
    enum Origin: Hashable, Sendable {
        case flag
        case variable
        case file(String)
        case standard

        /// The setting's name at that origin.
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

    /// The settings; a setting with a fault has its default.
    var settings = Settings()
    /// The origin of each value, by key.
    var origins: [String: Origin] = [:]
    /// Everything that is wrong and stops the start, in the order of the table.
    var faults: [SettingError] = []

    /// What was ignored, and why; it does not stop the start.
    var warnings: [SettingError] = []

    /// The settings, if nothing is wrong.
    ///
    /// - Throws: all faults at once, one on each line.
    func checked() throws(CommandError) -> Settings {
        guard faults.isEmpty else { throw CommandError(.configuration, sentence) }
        return settings
    }

    private var sentence: String {
        let lines = faults.map { "\n  \($0.key): \($0.sentence)" }.joined()
        let count = faults.count == 1 ? "a setting is" : "\(faults.count) settings are"
        return
            "\(count) wrong:\(lines)\n"
            + "`gatehouse config` shows every setting, `gatehouse config --example` explains them."
    }
}
