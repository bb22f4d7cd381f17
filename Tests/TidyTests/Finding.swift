/// A place that breaks a rule of the project, and what to do there.
struct Finding: Hashable, CustomStringConvertible {
    /// The file, from the project's root.
    let path: String
    /// The line, from 1.
    let line: Int
    /// What is wrong, and what would be right.
    let advice: String

    var description: String { "\(path):\(line): \(advice)" }
}
