extension Event {
    /// What was wrong with an event that was taken all the same: the attribute `gatehouseflag`.
    public enum Flag: String, CaseIterable, Hashable, Sendable {
        /// Its source and id had named another event before.
        case conflict
        /// The organization has no panel of that id.
        case unknownPanel = "unknown-panel"
        /// The organization has no door of that id.
        case unknownDoor = "unknown-door"
        /// It said two things that cannot both be.
        case contradiction
        /// Its time cannot be right.
        case clock
        /// Nobody reported it: it follows from what was reported, or was not.
        case derived
    }
}

extension Event.Parts {
    /// The lane that an event of these parts takes.
    var lane: Lane {
        let duress = Event.passage("duress", of: kind, telling: data["access"]?.object)?.bool
        return Catalogue.lane(of: kind, duress: duress ?? false)
    }
}
