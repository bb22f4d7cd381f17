/// A tenant or a part of one; organizations form a tree, and rights over one reach all below it.
public struct Organization: Hashable, Sendable {
    /// Its identifier, unique in the store.
    public let id: OrganizationID
    /// What people call it.
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

/// A controller that doors hang on: the vendors' server, cloud node or device.
public struct Panel: Hashable, Sendable {
    /// Its identifier, unique in its organization.
    public let id: PanelID
    /// The organization that it stands in.
    public let organization: OrganizationID
    /// What people call it.
    @ExactText public var name: String
    /// The integer that a vendor's contract knows it by, where it has one.
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
    /// The panel that it hangs on.
    public let panel: PanelID
    /// The organization of that panel.
    public let organization: OrganizationID
    /// The integer that it has at its panel, unique there.
    public var number: Int64
    /// What people call it.
    @ExactText public var name: String
    /// Whether passing it counts as coming to or leaving work.
    public var isAttendancePoint: Bool
    /// How it is told to open, `type` naming the driver; nil where there is no way.
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
    /// Names something that is unique in its organization only.
    public struct Place<ID: Hashable & Sendable>: Hashable, Sendable {
        /// The organization it is unique in.
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

    /// Asked for the offsets of panels' time zones; without one, times stay in UTC.
    public var timeZones: (any TimeZones)?

    /// An empty directory.
    public init() {}

    /// Adds an organization or replaces the one of that identifier.
    public mutating func put(_ organization: Organization) {
        organizations[organization.id] = organization
    }

    /// Adds a panel or replaces the one of that identifier.
    public mutating func put(_ panel: Panel) {
        panels[Place(panel.organization, panel.id)] = panel
        havingPanel[panel.id, default: []].insert(panel.organization)
    }

    /// Adds a door or replaces the one of that identifier.
    public mutating func put(_ door: Door) {
        if let present = doors[Place(door.organization, door.id)], present.panel != door.panel { remove(present) }
        doors[Place(door.organization, door.id)] = door
        atPanel[Place(door.organization, door.panel), default: []].insert(door.id)
        havingDoor[door.id, default: []].insert(door.organization)
    }

    /// Takes an organization out.
    public mutating func remove(_ organization: OrganizationID) {
        organizations[organization] = nil
    }

    /// Takes a panel out.
    public mutating func remove(_ panel: Panel) {
        panels[Place(panel.organization, panel.id)] = nil
        havingPanel[panel.id]?.remove(panel.organization)
        if havingPanel[panel.id]?.isEmpty ?? false { havingPanel[panel.id] = nil }
    }

    /// Takes a door out.
    public mutating func remove(_ door: Door) {
        doors[Place(door.organization, door.id)] = nil
        let panel = Place(door.organization, door.panel)
        atPanel[panel]?.remove(door.id)
        if atPanel[panel]?.isEmpty ?? false { atPanel[panel] = nil }
        havingDoor[door.id]?.remove(door.organization)
        if havingDoor[door.id]?.isEmpty ?? false { havingDoor[door.id] = nil }
    }

    /// The organization itself, then each one above it up to the top; empty where it is unknown.
    public func lineage(of id: OrganizationID) -> [OrganizationID] {
        var line: [OrganizationID] = []
        var next: OrganizationID? = id
        while let present = next, let organization = organizations[present], line.count <= organizations.count {
            line.append(present)
            next = organization.parent
        }
        return line
    }

    /// Says whether `id` is `root` or stands anywhere below it.
    public func isWithin(_ id: OrganizationID, _ root: OrganizationID) -> Bool {
        lineage(of: id).contains(root)
    }

    /// The panel of that identifier in exactly that organization.
    public func panel(_ id: PanelID, in organization: OrganizationID) -> Panel? {
        panels[Place(organization, id)]
    }

    /// The door of that identifier in exactly that organization.
    public func door(_ id: DoorID, in organization: OrganizationID) -> Door? {
        doors[Place(organization, id)]
    }

    /// Whether an organization has a door of that identifier, or one below it does.
    public func hasDoor(_ id: DoorID, of organization: OrganizationID, orBelow isDeep: Bool) -> Bool {
        guard let having = havingDoor[id] else { return false }
        return having.contains(organization) || isDeep && having.contains { isWithin($0, organization) }
    }

    /// The door of a panel that has one alone.
    public func onlyDoor(of panel: Panel) -> Door? {
        guard let doors = atPanel[Place(panel.organization, panel.id)], doors.count == 1 else { return nil }
        return doors.first.flatMap { door($0, in: panel.organization) }
    }

    /// The panels of one organization that have one number, which stores from before that was refused may have; in the
    /// order of organizations and numbers.
    public var panelsSharingNumbers: [[Panel]] {
        let numbered = panels.values.filter { $0.number != nil }
        return Dictionary(grouping: numbered) { NumberPlace(organization: $0.organization, number: $0.number) }.values
            .filter { $0.count > 1 }
            .map { $0.sorted { $0.id.text < $1.id.text } }
            .sorted { ($0[0].organization.text, $0[0].number ?? 0) < ($1[0].organization.text, $1[0].number ?? 0) }
    }

    /// The only organization that has what an event names: the panel and the door, or one of them where no
    /// organization has the other. Nil where none has either, or several have.
    public func onlyOrganization(having panel: PanelID?, _ door: DoorID?) -> OrganizationID? {
        let having = [panel.flatMap { havingPanel[$0] }, door.flatMap { havingDoor[$0] }].compactMap { $0 }
        guard let first = having.first else { return nil }
        let common = having.dropFirst().reduce(first) { $0.intersection($1) }
        return common.count == 1 ? common.first : nil
    }

    /// Whether any organization has a door of that id.
    public func isKnown(_ door: DoorID) -> Bool { havingDoor[door] != nil }

    /// Whether any organization has a panel of that id.
    public func isKnown(_ panel: PanelID) -> Bool { havingPanel[panel] != nil }

    private struct NumberPlace: Hashable {
        let organization: OrganizationID
        let number: Int64?
    }
}

extension Panel {
    /// What is to be said of panels that have one number: contracts that know panels by it take them for one.
    public static func sentence(about sharing: [Panel]) -> String {
        let names = sharing.map { "\($0.id) (\($0.name))" }.joined(separator: " and ")
        return "the panels \(names) have the same number \(sharing[0].number ?? 0): contracts that know panels by "
            + "numbers take them for one; give one of them another"
    }
}
