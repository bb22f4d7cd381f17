internal import GatehouseCore

/// One value of a body: its key, its place in the event, and what stands there where the event does not say.
struct ProdataKeyField: Sendable {
    let key: String
    let place: ProdataKeyPlace
    var fallback = Fallback.absent
    /// Whether a body without it can still be read. Only what says what happened, and where, must be there.
    var isOptional = true
    /// Whether no body is written without it. Our people belong to organizations, so the panel that told of one is
    /// written where it is told, and is not required.
    var isRequired: Bool { !isOptional && detail == nil }

    /// What is written in the place of a value that the event does not have.
    enum Fallback: Sendable {
        case absent
        /// What is true of things that nobody has changed.
        case value(JSON)
        case organization
        case panelName
        case doorName
        case milliseconds
        /// Told from ``ProdataKeyView/factor``.
        case factor
    }

    func value(in view: ProdataKeyView) -> JSON? { place.value(in: view) ?? otherwise(view) }

    /// The name of the detail that it is; nil where it is none.
    var detail: String? {
        switch place {
        case .field(let block, let name, _): block == .details ? name : nil
        case .topic, .identity, .panel, .doorNumber, .doorName, .personNumber, .milliseconds, .timestamp: nil
        }
    }

    private func otherwise(_ view: ProdataKeyView) -> JSON? {
        switch fallback {
        case .absent: nil
        case .value(let value): value
        case .organization: .string(view.event.organization.text)
        case .panelName: view.event.labels.panelName.map { .string($0) }
        case .doorName: view.event.labels.doorName.map { .string($0) }
        case .milliseconds: view.milliseconds
        case .factor: view.factor
        }
    }
}

// MARK: The values that several topics share, by their keys

extension ProdataKeyLayout.Member {
    static let topic = required("topic", .topic)
    static let id = required("id", .identity)
    static let panelId = required("panelId", .panel)
    static let doorId = required("doorId", .doorNumber)
    static let personId = value(ProdataKeyField(key: "personId", place: .personNumber))
    static let occurred = required("occurred", .milliseconds)
    static let doorName = value(ProdataKeyField(key: "doorName", place: .doorName))
    static let requestFactor = value(
        ProdataKeyField(key: "requestFactor", place: .field(.access, "factor", .text), fallback: .factor))
    /// When a change was made, which the contract tells beside the time when it was told.
    static let made = detail("occurred", or: .milliseconds)
    static let user = block(.user, ["id", "firstName", "lastName"])
    static let clientInfo = block(.clientInfo, ["ipAddress", "userAgent"])

    static func required(_ key: String, _ place: ProdataKeyPlace) -> Self {
        value(ProdataKeyField(key: key, place: place, isOptional: false))
    }

    static func detail(_ name: String, or fallback: ProdataKeyField.Fallback = .absent) -> Self {
        field(name, of: .details, ProdataKeyDetail.sort(of: name), or: fallback)
    }

    /// A field of a block, under the block's own name for it.
    static func field(
        _ name: String, of block: Block, _ sort: ProdataKeyPlace.Sort, or fallback: ProdataKeyField.Fallback = .absent
    ) -> Self {
        value(ProdataKeyField(key: name, place: .field(block, name, sort), fallback: fallback))
    }
}
