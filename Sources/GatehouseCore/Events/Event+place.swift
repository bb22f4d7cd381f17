extension Event {
    /// The event's door: the one that it names, else the only one of its panel. Subscriptions select by this value, and
    /// bodies contain it.
    public var toldDoor: DoorID? { door ?? labels.onlyDoor?.id }

    /// The number of that door at its panel; nil if the directory does not know the door.
    public var toldDoorNumber: Int64? { labels.doorNumber ?? labels.onlyDoor?.number }

    /// The name of that door; nil if the directory does not know the door.
    public var toldDoorName: String? { labels.doorName ?? labels.onlyDoor?.name }

    /// Whether a choice of these doors includes the event: the choice of a subscription, the feed or a replay.
    ///
    /// A normal event must be at one of them. An urgent one is excluded only by a door that the directory knows: an
    /// alarm without a door, or with an unknown id, may have happened at any of them.
    public func isAt(oneOf doors: Set<DoorID>) -> Bool {
        if let toldDoor, doors.contains(toldDoor) { return true }
        return toldDoorNumber == nil && lane == .urgent
    }

    /// Whether a choice of these panels includes the event, by ``scopePanel``.
    ///
    /// A normal event must belong to one of them. An urgent one is excluded only by a panel that it names, even an
    /// unknown one: a choice of panels excludes all facts of other panels.
    public func isOf(oneOf panels: [PanelID]) -> Bool {
        scopePanel.map(panels.contains) ?? (lane == .urgent)
    }
}
