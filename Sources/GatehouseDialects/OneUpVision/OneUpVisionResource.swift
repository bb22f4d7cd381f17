internal import GatehouseCore

/// What a body tells of: its one top key, and how what stands below is written.
enum OneUpVisionResource: String, CaseIterable, Sendable {
    case person
    case people
    /// People that were deleted in bulk, of whom ids alone are told.
    case peopleGone
    case punch
    /// A passage at an attendance point, told as a punch.
    case passage
    case attendance
    case visit

    /// The keys that the contract requires and for which the event has nothing. All others follow from the event
    /// itself.
    func lacking(in event: Event) -> [String] {
        switch self {
        case .person: event.isNumbered(.person) ? [] : ["person.id"]
        case .punch, .passage, .attendance: event.isNumbered(.person) ? [] : [key + ".person.id"]
        case .people, .peopleGone:
            if event.listedNames.isEmpty {
                ["people"]
            } else {
                event.listedNames.contains { $0 == nil } ? ["people.id"] : []
            }
        case .visit: []
        }
    }

    /// The one key at the top of the body.
    var key: String {
        switch self {
        case .person: "person"
        case .people, .peopleGone: "people"
        case .punch, .passage: "punch"
        case .attendance: "attendance"
        case .visit: "visit"
        }
    }
}
