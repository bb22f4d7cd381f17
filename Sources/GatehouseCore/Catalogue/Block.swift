/// A named part of an event's `data`. The catalogue says which kinds may carry which.
public enum Block: String, CaseIterable, Hashable, Sendable {
    case panel, door, zone
    case person, visitor, vehicle, unit
    case credential, access, occurrence, change
    case organization, permission, user, clientInfo
    case visit, punch, attendance, resource, subscription, delivery, source
    case details
}
