extension Event {
    /// The door that it tells of: the one that it names, else the only one of its panel. What a subscription is
    /// selected by and what a body names is this one value.
    public var toldDoor: DoorID? { door ?? labels.onlyDoor?.id }

    /// The number of that door at its panel; nil where the directory does not know the door.
    public var toldDoorNumber: Int64? { labels.doorNumber ?? labels.onlyDoor?.number }

    /// The name of that door; nil where the directory does not know the door.
    public var toldDoorName: String? { labels.doorName ?? labels.onlyDoor?.name }

    /// Whether a choice of these doors admits the event: that of a subscription, the feed or a replay.
    ///
    /// A normal event must tell of one of them. An urgent one is excluded only by a door that the directory knows: an
    /// alarm that names no door, or an id that no door has, may have happened at any of them.
    public func isAt(oneOf doors: Set<DoorID>) -> Bool {
        if let toldDoor, doors.contains(toldDoor) { return true }
        return toldDoorNumber == nil && lane == .urgent
    }

    /// Whether a choice of these panels admits the event, by ``scopePanel``.
    ///
    /// A normal event must tell of one of them. An urgent one is excluded only by a panel that it names; also by one
    /// that the directory does not know, for a choice of panels keeps the facts of all others out.
    public func isOf(oneOf panels: [PanelID]) -> Bool {
        scopePanel.map(panels.contains) ?? (lane == .urgent)
    }
}
