package import GatehouseCore

/// The directory as the gateway knows it, and the one way to change it.
package final class DirectoryRegistry: ChangeRegistry {
    private let registry: Registry<Directory>

    /// Reads the whole directory from the store. Where nothing tells the offsets of time zones, times stay in UTC.
    package init(
        opening store: any DirectoryStore, timeZones: (any TimeZones)? = nil
    ) async throws(StoreError) {
        registry = try await Registry { () async throws(StoreError) -> Directory in
            var directory = try await store.directory()
            directory.timeZones = timeZones
            return directory
        }
    }

    /// The directory as it is now.
    package var directory: Directory { registry.table }

    /// Makes a change durably, with the events that tell of it. The memory follows the store before the next change has
    /// its turn.
    ///
    /// - Throws: what ``ChangeStore/apply(_:events:)`` throws; see ``Registry/change(_:following:)``.
    package func apply(_ change: Change, through intake: any ChangeIntake) async throws(StoreError) {
        try await registry.apply(change, through: intake)
    }

    /// Makes a change that is worked out in its turn, see ``Registry/apply(to:through:workingOut:)``.
    package func apply(
        to subject: Change.Subject, through intake: any ChangeIntake, workingOut work: (Change.Subject?) -> Change?
    ) async throws(StoreError) {
        try await registry.apply(to: subject, through: intake, workingOut: work)
    }

    /// Reads the directory again. - Throws: ``StoreError``; then it is as it was.
    package func refresh(since known: Generation? = nil) async throws(StoreError) {
        try await registry.refresh(since: known)
    }

    /// Reads again if needed, see ``Registry/settleDoubt()``.
    func settleDoubt() async throws(StoreError) { try await registry.settleDoubt() }
}

/// One thing of the directory, by its id.
package enum DirectoryPlace: Hashable, Sendable {
    /// An organization, whose id is unique in the store.
    case organization(OrganizationID)
    /// A panel, whose id is unique in its organization.
    case panel(Directory.Place<PanelID>)
    /// A door, whose id is unique in its organization.
    case door(Directory.Place<DoorID>)

    /// The place of what a change is about; nil for what stands in no directory.
    init?(_ subject: Change.Subject) {
        switch subject {
        case .organization(let organization): self = .organization(organization.id)
        case .panel(let panel): self = .panel(.init(panel.organization, panel.id))
        case .door(let door): self = .door(.init(door.organization, door.id))
        case .key, .trigger, .command, .subscription, .integration, .tokenKey: return nil
        }
    }
}

extension Directory: ChangedTable {
    func present(_ subject: Change.Subject) -> Change.Subject? {
        switch subject {
        case .organization(let organization): organizations[organization.id].map { .organization($0) }
        case .panel(let panel): self.panel(panel.id, in: panel.organization).map { .panel($0) }
        case .door(let door): self.door(door.id, in: door.organization).map { .door($0) }
        case .key, .trigger, .command, .subscription, .integration, .tokenKey: nil
        }
    }

    mutating func make(_ change: Change) -> [DirectoryPlace] {
        follow(change)
        return DirectoryPlace(change.subject).map { [$0] } ?? []
    }

    package mutating func replace(by stored: Directory) -> [DirectoryPlace] {
        let places =
            organizations.differing(from: stored.organizations).map { DirectoryPlace.organization($0) }
            + panels.differing(from: stored.panels).map { .panel($0) }
            + doors.differing(from: stored.doors).map { .door($0) }
        self = stored
        return places
    }
}

extension Dictionary where Value: Equatable {
    /// The keys that are in one of two only, or have another value there.
    func differing(from other: Self) -> [Key] {
        filter { other[$0.key] != $0.value }.map(\.key) + other.keys.filter { self[$0] == nil }
    }
}
