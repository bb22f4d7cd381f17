extension Subscription {
    /// What it asks for by name and is not there: doors and panels that were deleted. Of those it hears nothing, and
    /// its owner may not know.
    public struct Missing: Hashable, Sendable {
        /// The doors, in its order.
        public var doors: [DoorID] = []
        /// The panels, in its order.
        public var panels: [PanelID] = []
        /// Whether nothing is there of the doors, or of the panels, that it asks for.
        public var isAll = false

        /// How many there are.
        public var count: Int { doors.count + panels.count }
    }

    /// What it asks for that a directory does not have; nil where all is there.
    public func missing(in directory: Directory) -> Missing? {
        var missing = Missing()
        if let asked = terms.doors {
            missing.doors = asked.filter {
                !directory.hasDoor($0, of: organization, orBelow: terms.scope == .recursive)
            }
            missing.isAll = missing.doors.count == asked.count
        }
        if case .panels(let asked) = terms.scope {
            missing.panels = asked.filter { directory.panel($0, in: organization) == nil }
            missing.isAll = missing.isAll || missing.panels.count == asked.count
        }
        return missing.count > 0 ? missing : nil
    }
}
