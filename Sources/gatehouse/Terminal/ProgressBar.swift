/// Shows on a terminal how far a long file has been sent, in place; silent where nobody looks.
struct ProgressBar {
    private let descriptor: Descriptor
    private let total: Int?
    private let isShown: Bool
    private var drawn = ""

    /// A bar for so many bytes; nil where nobody knows how many will come.
    init(total: Int?, on descriptor: Descriptor = .errors) {
        self.descriptor = descriptor
        self.total = total
        self.isShown = descriptor.isTerminal
    }

    /// Draws it anew.
    mutating func show(bytes: Int, note: String) {
        guard isShown else { return }
        let line = Self.line(bytes: bytes, of: total, note: note, width: descriptor.width ?? 80)
        guard line != drawn else { return }
        drawn = line
        descriptor.write("\r\u{1B}[K" + line)
    }

    /// Takes it away, so that what follows starts on a clean line.
    mutating func clear() {
        guard isShown, !drawn.isEmpty else { return }
        drawn = ""
        descriptor.write("\r\u{1B}[K")
    }

    /// `[████████░░░░]  61 %  1200 sent`, cut to the width.
    static func line(bytes: Int, of total: Int?, note: String, width: Int) -> String {
        guard let total, total > 0 else { return String(note.prefix(width)) }
        let part = min(1, Double(bytes) / Double(total))
        let cells = max(10, min(40, width - note.count - 12))
        let full = Int(part * Double(cells))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: cells - full)
        let percent = String(Int(part * 100))
        let padding = String(repeating: " ", count: 3 - percent.count)
        return String("[\(bar)] \(padding)\(percent) %  \(note)".prefix(width))
    }
}
