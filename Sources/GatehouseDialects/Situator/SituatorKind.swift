internal import GatehouseCore

/// The kind of a body: several of our kinds share one type, and the body decides.
enum SituatorKind {
    /// The event, as the most specific kind that fits, with its blocks in our order.
    static func event(_ draft: BodyDraft, _ type: SituatorEvents.EventType) -> ParsedEvent {
        var draft = draft
        draft.kind = kind(draft, type)
        for (block, names) in orders {
            guard let object = draft[block]?.object else { continue }
            draft[block] = .object(
                JSONObject(names.compactMap { name in object[name].map { JSONObject.Member(name, $0) } }))
        }
        if let account = draft.labels.numbers[.account] { draft.set(.integer(account), at: "accountId", of: .details) }
        return draft.event()
    }

    /// The fields of blocks that a body has in another order than our events.
    private static let orders: [(block: Block, names: [String])] = [
        (.access, ["direction", "method", "authorized", "duress"]),
        (.occurrence, ["id", "eventId", "typeId", "subtype"]),
    ]

    private static func kind(_ draft: BodyDraft, _ type: SituatorEvents.EventType) -> Kind {
        switch type.registration {
        case .door: passage(draft)
        case .occurrence: occurrence(draft)
        case .none: registration(draft, type)
        }
    }

    /// The kind of the vendor's number, if events of that kind may have all blocks of the body.
    private static func occurrence(_ draft: BodyDraft) -> Kind {
        let kind = SituatorOccurrence.kind(ofType: draft[.occurrence]?["typeId"]?.integer)
        return Catalogue.row(of: kind).blocks.isSuperset(of: draft.filled) ? kind : .occurrenceRaised
    }

    private static func passage(_ draft: BodyDraft) -> Kind {
        let access = draft[.access]
        if access?["duress"] == true { return .accessDuress }
        let hasNoPerson = draft[.person] == nil && draft[.visitor] == nil
        guard access?["authorized"] == true else { return hasNoPerson ? .accessUnrecognized : .accessDenied }
        let isButton = access?["method"] == "button" && access?["direction"] == "exit"
        let isBare = hasNoPerson && draft[.vehicle] == nil && draft[.credential] == nil
        return isButton && isBare ? .doorExitRequested : .accessGranted
    }

    /// A registration of a person has a kind for each change; every other type has one kind.
    private static func registration(_ draft: BodyDraft, _ type: SituatorEvents.EventType) -> Kind {
        guard type.name == "person" else { return draft.kind }
        return switch draft[.change] {
        case "created": .personCreated
        case "deleted": .personDeleted
        default: .personUpdated
        }
    }
}
