/// A tenant or a part of one. Organizations form a tree, and rights over one include all below it.
public struct Organization: Hashable, Sendable {
    /// Its identifier, unique in the store.
    public let id: OrganizationID
    /// Its name for people.
    @ExactText public var name: String
    /// The organization above it; nil for the top of a tree.
    public var parent: OrganizationID?
    /// The IANA name of its time zone, `America/Sao_Paulo`.
    public var timeZone: String

    /// Describes one organization.
    public init(id: OrganizationID, name: String, parent: OrganizationID?, timeZone: String = "UTC") {
        self.id = id
        self.name = name
        self.parent = parent
        self.timeZone = timeZone
    }
}

/// A controller of doors: the vendor's server, cloud node or device.
public struct Panel: Hashable, Sendable {
    /// Its identifier, unique in its organization.
    public let id: PanelID
    /// Its organization.
    public let organization: OrganizationID
    /// Its name for people.
    @ExactText public var name: String
    /// Its integer in a vendor's contract; nil if it has none.
    public var number: Int64?
    /// The IANA name of its time zone; nil for that of the organization.
    public var timeZone: String?

    /// Describes one panel.
    public init(id: PanelID, organization: OrganizationID, name: String, number: Int64?, timeZone: String? = nil) {
        self.id = id
        self.organization = organization
        self.name = name
        self.number = number
        self.timeZone = timeZone
    }
}

/// A door, gate or turnstile.
public struct Door: Hashable, Sendable {
    /// Its identifier, unique in its organization.
    public let id: DoorID
    /// Its panel.
    public let panel: PanelID
    /// The organization of that panel.
    public let organization: OrganizationID
    /// Its number at its panel, unique there.
    public var number: Int64
    /// Its name for people.
    @ExactText public var name: String
    /// Whether passing it counts as coming to or leaving work.
    public var isAttendancePoint: Bool
    /// Its driver, with the name in `type`; nil if the gateway cannot open it.
    public var driver: JSONObject?

    /// Describes one door.
    public init(
        id: DoorID, panel: Panel, number: Int64, name: String, isAttendancePoint: Bool = false
    ) {
        self.id = id
        self.panel = panel.id
        self.organization = panel.organization
        self.number = number
        self.name = name
        self.isAttendancePoint = isAttendancePoint
    }
}

/// All organizations, panels and doors at one moment, held in memory because every event asks for them.
public struct Directory: Sendable {
    /// Names something that is unique only within its organization.
    public struct Place<ID: Hashable & Sendable>: Hashable, Sendable {
        /// Its organization.
        public let organization: OrganizationID
        /// Its identifier there.
        public let id: ID

        /// Joins the two.
        public init(_ organization: OrganizationID, _ id: ID) {
            self.organization = organization
            self.id = id
        }
    }

    /// Organizations by identifier.
    public private(set) var organizations: [OrganizationID: Organization] = [:]
    /// Panels by organization and identifier.
    public private(set) var panels: [Place<PanelID>: Panel] = [:]
    /// Doors by organization and identifier.
    public private(set) var doors: [Place<DoorID>: Door] = [:]
    /// The organizations that have a panel of that identifier.
    private var havingPanel: [PanelID: Set<OrganizationID>] = [:]
    /// The organizations that have a door of that identifier.
    private var havingDoor: [DoorID: Set<OrganizationID>] = [:]
    /// The doors of each panel.
    private var atPanel: [Place<PanelID>: Set<DoorID>] = [:]

    /// Gives the offsets of panels' time zones; without it, times stay in UTC.
    public var timeZones: (any TimeZones)?

    /// An empty directory.
    public init() {}

    /// Adds an organization or replaces the one with that identifier.
    public mutating func put(_ organization: Organization) {
        organizations[organization.id] = organization
    }

    /// Adds a panel or replaces the one with that identifier.
    public mutating func put(_ panel: Panel) {
        panels[Place(panel.organization, panel.id)] = panel
        havingPanel[panel.id, default: []].insert(panel.organization)
    }

    /// Adds a door or replaces the one with that identifier.
    public mutating func put(_ door: Door) {
        if let present = doors[Place(door.organization, door.id)], present.panel != door.panel { remove(present) }
        doors[Place(door.organization, door.id)] = door
        atPanel[Place(door.organization, door.panel), default: []].insert(door.id)
        havingDoor[door.id, default: []].insert(door.organization)
    }

    /// Removes an organization.
    public mutating func remove(_ organization: OrganizationID) {
        organizations[organization] = nil
    }

    /// Removes a panel.
    public mutating func remove(_ panel: Panel) {
        panels[Place(panel.organization, panel.id)] = nil
        havingPanel[panel.id]?.remove(panel.organization)
        if havingPanel[panel.id]?.isEmpty ?? false { havingPanel[panel.id] = nil }
    }

    /// Removes a door.
    public mutating func remove(_ door: Door) {
        doors[Place(door.organization, door.id)] = nil
        let panel = Place(door.organization, door.panel)
        atPanel[panel]?.remove(door.id)
        if atPanel[panel]?.isEmpty ?? false { atPanel[panel] = nil }
        havingDoor[door.id]?.remove(door.organization)
        if havingDoor[door.id]?.isEmpty ?? false { havingDoor[door.id] = nil }
    }

    /// The organization itself, then each one above it up to the top; empty if it is unknown.
    public func lineage(of id: OrganizationID) -> [OrganizationID] {
        var line: [OrganizationID] = []
        var next: OrganizationID? = id
        while let present = next, let organization = organizations[present], line.count <= organizations.count {
            line.append(present)
            next = organization.parent
        }
        return line
    }

    /// Whether `id` is `root` or below it.
    public func isWithin(_ id: OrganizationID, _ root: OrganizationID) -> Bool {
        lineage(of: id).contains(root)
    }

    /// The panel with that identifier in exactly that organization.
    public func panel(_ id: PanelID, in organization: OrganizationID) -> Panel? {
        panels[Place(organization, id)]
    }

    /// The door with that identifier in exactly that organization.
    public func door(_ id: DoorID, in organization: OrganizationID) -> Door? {
        doors[Place(organization, id)]
    }

    /// Whether an organization has a door with that identifier, or one below it does.
    public func hasDoor(_ id: DoorID, of organization: OrganizationID, orBelow isDeep: Bool) -> Bool {
        guard let having = havingDoor[id] else { return false }
        return having.contains(organization) || isDeep && having.contains { isWithin($0, organization) }
    }

    /// The door of a panel with exactly one door.
    public func onlyDoor(of panel: Panel) -> Door? {
        guard let doors = atPanel[Place(panel.organization, panel.id)], doors.count == 1 else { return nil }
        return doors.first.flatMap { door($0, in: panel.organization) }
    }

    /// The panels of one organization that share a number, in the order of organizations and numbers. New ones are
    /// refused; older stores may have some.
    public var panelsSharingNumbers: [[Panel]] {
        let numbered = panels.values.filter { $0.number != nil }
        return Dictionary(grouping: numbered) { NumberPlace(organization: $0.organization, number: $0.number) }.values
            .filter { $0.count > 1 }
            .map { $0.sorted { $0.id.text < $1.id.text } }
            .sorted { ($0[0].organization.text, $0[0].number ?? 0) < ($1[0].organization.text, $1[0].number ?? 0) }
    }

    /// The only organization with both the panel and the door of an event, or with one of them if no organization has
    /// the other. Nil if none has either, or several do.
    public func onlyOrganization(having panel: PanelID?, _ door: DoorID?) -> OrganizationID? {
        let having = [panel.flatMap { havingPanel[$0] }, door.flatMap { havingDoor[$0] }].compactMap { $0 }
        guard let first = having.first else { return nil }
        let common = having.dropFirst().reduce(first) { $0.intersection($1) }
        return common.count == 1 ? common.first : nil
    }

    /// Whether any organization has a door with that id.
    public func isKnown(_ door: DoorID) -> Bool { havingDoor[door] != nil }

    /// Whether any organization has a panel with that id.
    public func isKnown(_ panel: PanelID) -> Bool { havingPanel[panel] != nil }

    private struct NumberPlace: Hashable {
        let organization: OrganizationID
        let number: Int64?
    }
}

extension Panel {
    /// The sentence about panels that share a number: contracts that identify panels by it cannot tell them apart.
    public static func sentence(about sharing: [Panel]) -> String {
        let names = sharing.map { "\($0.id) (\($0.name))" }.joined(separator: " and ")
        return "the panels \(names) have the same number \(sharing[0].number ?? 0): contracts that know panels by "
            + "numbers take them for one; give one of them another"
    }
}
