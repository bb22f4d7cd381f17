import ArgumentParser

/// Why a command ends without having done what it was asked to: a sentence for the person, a code for the script.
struct CommandFailure: Error, Hashable {
    /// What sort of failure it is, by the numbers of BSD's sysexits.
    enum Sort: Int32, Hashable, CaseIterable {
        /// What was to be checked is not as it should be.
        case negative = 1
        /// The command was used wrongly.
        case usage = 64
        /// What was handed in is not right.
        case data = 65
        /// A file that was named cannot be read.
        case input = 66
        /// The gateway, its store or its port is not to be had at present.
        case unavailable = 69
        /// Something unforeseen went wrong.
        case software = 70
        /// The key may not do this, or there is none.
        case permission = 77
        /// The settings are not right.
        case configuration = 78
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
