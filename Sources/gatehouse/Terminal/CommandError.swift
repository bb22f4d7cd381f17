import ArgumentParser

/// Why a command ends without having done what it was asked to: a sentence for the person, a code for the script.
struct CommandError: Error, Hashable {
    // swift-format-ignore
    /// What sort of failure it is: the one table of exit codes, by the numbers of BSD's sysexits.
    enum Sort: Int32, Hashable, CaseIterable {
        /// What was to be checked is not as it should be.
        case negative      = 1
        /// The command was used wrongly (EX_USAGE).
        case usage         = 64
        /// What was handed in is not right (EX_DATAERR).
        case data          = 65
        /// A file that was named cannot be opened (EX_NOINPUT).
        case input         = 66
        /// The gateway, its store or its port is not to be had (EX_UNAVAILABLE).
        case unavailable   = 69
        /// Something unforeseen went wrong (EX_SOFTWARE).
        case software      = 70
        /// Reading broke off midway, or the output cannot be written (EX_IOERR).
        case transfer      = 74
        /// The key may not do this, or there is none (EX_NOPERM).
        case permission    = 77
        /// The settings are not right (EX_CONFIG).
        case configuration = 78

        /// What it means, for the help.
        var meaning: String {
            switch self {
            case .negative:      "what was checked is not so: not verified, not taken, tampered with"
            case .usage:         "the command line is not right"
            case .data:          "what was handed in is not right, or the gateway refused it"
            case .input:         "a file that was named cannot be opened"
            case .unavailable:   "the gateway, its store or its port is not to be had at present"
            case .software:      "something unforeseen went wrong here or in the gateway"
            case .transfer:      "reading broke off midway, or the output cannot be written"
            case .permission:    "there is no key, or it may not do this"
            case .configuration: "the settings are not right"
            }
        }

        /// The table for people, a line a code.
        static let table = (["   0  done"] + allCases.map { code in
            String(repeating: " ", count: 4 - "\(code.rawValue)".count) + "\(code.rawValue)  \(code.meaning)"
        }).joined(separator: "\n")
    }

    /// What sort of failure it is.
    let sort: Sort
    /// What is wrong and what to do; empty where it has been said already.
    let sentence: String

    /// Describes a failure.
    init(_ sort: Sort, _ sentence: String = "") {
        self.sort = sort
        self.sentence = sentence
    }

    /// What the process ends with.
    var exitCode: ExitCode { ExitCode(sort.rawValue) }
}
