extension Subscription {
    /// Doors and panels that it names and that were deleted. It gets no events of these, and its owner may not know.
    public struct Missing: Hashable, Sendable {
        /// The doors, in the order of the terms.
        public var doors: [DoorID] = []
        /// The panels, in the order of the terms.
        public var panels: [PanelID] = []
        /// Whether all the doors, or all the panels, that it names are missing.
        public var isAll = false

        /// The number of missing doors and panels.
        public var count: Int { doors.count + panels.count }
    }

    /// What it names and a directory does not have; nil if nothing is missing.
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
