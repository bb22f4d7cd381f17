import ArgumentParser

/// Why a command ended without success: a sentence for the person, a code for the script.
struct CommandError: Error, Hashable {
    // swift-format-ignore
    /// The sort of failure: the only table of exit codes, with the numbers of BSD's sysexits.
    enum Sort: Int32, Hashable, CaseIterable {
        /// A check failed.
        case negative      = 1
        /// The command was used wrongly (EX_USAGE).
        case usage         = 64
        /// The input is wrong (EX_DATAERR).
        case data          = 65
        /// A named file cannot be opened (EX_NOINPUT).
        case input         = 66
        /// The gateway, its store or its port is unavailable (EX_UNAVAILABLE).
        case unavailable   = 69
        /// An unexpected error (EX_SOFTWARE).
        case software      = 70
        /// Reading stopped before the end, or the output cannot be written (EX_IOERR).
        case transfer      = 74
        /// The key may not do this, or it is missing (EX_NOPERM).
        case permission    = 77
        /// The settings are wrong (EX_CONFIG).
        case configuration = 78

        /// The meaning, for the help.
        var meaning: String {
            switch self {
            case .negative:      "a check failed: not verified, not accepted, changed"
            case .usage:         "the command line is wrong"
            case .data:          "the input is wrong, or the gateway refused it"
            case .input:         "a named file cannot be opened"
            case .unavailable:   "the gateway, its store or its port is unavailable"
            case .software:      "an unexpected error here or in the gateway"
            case .transfer:      "reading stopped before the end, or the output cannot be written"
            case .permission:    "the key is missing, or it may not do this"
            case .configuration: "the settings are wrong"
            }
        }

        /// The table for people, one line for each code.
        static let table = (["   0  done"] + allCases.map { code in
            String(repeating: " ", count: 4 - "\(code.rawValue)".count) + "\(code.rawValue)  \(code.meaning)"
        }).joined(separator: "\n")
    }

    /// The sort of failure.
    let sort: Sort
    /// What is wrong and what to do; empty if it was already printed.
    let sentence: String

    /// Describes a failure.
    init(_ sort: Sort, _ sentence: String = "") {
        self.sort = sort
        self.sentence = sentence
    }

    /// The exit code of the process.
    var exitCode: ExitCode { ExitCode(sort.rawValue) }
}
