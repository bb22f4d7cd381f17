extension Event {
    /// What was wrong with an event that was accepted anyway: the attribute `gatehouseflag`.
    public enum Flag: String, CaseIterable, Hashable, Sendable {
        /// Its source and id were already used for another event.
        case conflict
        /// The organization has no panel with that id.
        case unknownPanel = "unknown-panel"
        /// The organization has no door with that id.
        case unknownDoor = "unknown-door"
        /// It contradicts itself.
        case contradiction
        /// Its time cannot be right.
        case clock
        /// It was not reported itself: it follows from other reports, or from a missing one.
        case derived
    }
}

extension Event.Parts {
    /// The lane of an event with these parts.
    var lane: Lane {
        let duress = Event.passage("duress", of: kind, access: data["access"]?.object)?.bool
        return Catalogue.lane(of: kind, duress: duress ?? false)
    }
}
