internal import GatehouseCore

/// The members of a vendor's body, or of an object in it, in the contract's order, each with its place in the event.
///
/// One list both writes and reads bodies, so that the two cannot differ: for the vendor's own examples, writing a body
/// from an event and parsing a body into an event are inverse.
struct BodyLayout: Sendable {
    let members: [BodyMember]
    /// The value to write if the event has none or the level withholds it; nil to leave the key out.
    let blank: JSON?
    /// Whether `null` is read like other values; otherwise it means missing.
    let readsNull: Bool
    /// The use of members that the layout does not name.
    let others: Others
    /// The block of the object; every event with the object gets the block.
    let block: Block?
    /// The keys that the layout writes, in its order, without those inside objects.
    let keys: [String]
    /// The details that have their own place somewhere in the layout.
    private let details: Set<String>
    /// Whether the layout has a place for all other details.
    private let hasOtherDetails: Bool
    /// The members that every written body must have, by their path.
    private let owed: [(path: String, place: BodyPlace)]

    /// The use of members that a layout does not name.
    enum Others: Hashable, Sendable {
        /// They are ignored.
        case passedOver
        /// They are details of the event, unless the layout sets that detail.
        case details
        /// They are fields of the object's block.
        case fields
        /// They are fields of an object among the details.
        case detail(String)
    }

    init(
        _ members: [BodyMember], blank: JSON? = .none, readsNull: Bool = true, others: Others = .details,
        block: Block? = nil
    ) {
        self.members = members
        self.blank = blank
        self.readsNull = readsNull
        self.others = others
        self.block = block
        self.keys = members.filter(\.isWritten).compactMap(\.key)
        self.details = Set(members.flatMap(\.details))
        self.hasOtherDetails = members.contains(where: \.hasOtherDetails)
        self.owed = members.flatMap(\.owed)
    }

    /// The required members for which the event has no value, by their path.
    func lacking(in event: Event) -> [String] {
        owed.compactMap { path, place in place.missing(event).map { path + $0 } }
    }
}

/// One member of a body, or several whose names are not known.
indirect enum BodyMember: Sendable {
    /// A value with its place in the event.
    case value(BodyField)
    /// An object with its own members.
    case object(BodyPart)
    /// All other details, in their order, each with the type that the contract has under its name.
    case otherDetails(@Sendable (String) -> BodySort)

    /// Its key in the body; nil if there are several.
    var key: String? {
        switch self {
        case .value(let field): field.key
        case .object(let part): part.key
        case .otherDetails: nil
        }
    }

    fileprivate var isWritten: Bool {
        switch self {
        case .value(let field): field.isWritten
        case .object, .otherDetails: true
        }
    }

    fileprivate var details: [String] {
        switch self {
        case .value(let field): field.place.detail.map { [$0] } ?? []
        case .object(let part): part.layout.members.flatMap(\.details)
        case .otherDetails: []
        }
    }

    fileprivate var hasOtherDetails: Bool {
        switch self {
        case .value: false
        case .object(let part): part.layout.members.contains(where: \.hasOtherDetails)
        case .otherDetails: true
        }
    }

    fileprivate var owed: [(path: String, place: BodyPlace)] {
        switch self {
        case .value(let field): field.need.contains(.toTell) ? [(field.key, field.place)] : []
        case .object(let part): part.layout.members.flatMap(\.owed).map { ("\(part.key).\($0.path)", $0.place) }
        case .otherDetails: []
        }
    }
}

/// An object inside a body.
struct BodyPart: Sendable {
    let key: String
    let layout: BodyLayout
    /// Whether it may be missing in a body that is read.
    var isOptional = false
    /// Whether `null` means missing.
    var mayBeNull = false
    /// Whether it is written; otherwise the blank of the outer layout is written.
    var isTold: @Sendable (BodyView) -> Bool = { _ in true }
}

// MARK: Writing

extension BodyLayout {
    /// Writes the body of an event.
    func object(_ view: BodyView) -> JSONObject { written(view, in: self) }

    private func written(_ view: BodyView, in whole: BodyLayout) -> JSONObject {
        var object = JSONObject()
        for member in members {
            switch member {
            case .value(let field):
                if field.isWritten { object[field.key] = field.value(in: view) ?? blank }
            case .object(let part):
                object[part.key] = part.isTold(view) ? .object(part.layout.written(view, in: whole)) : blank
            case .otherDetails(let sort):
                for detail in view.data["details"]?.object?.members ?? [] {
                    if whole.details.contains(detail.key) || names(detail.key) { continue }
                    object[detail.key] = sort(detail.key).fitted(detail.value)
                }
            }
        }
        return object
    }

    /// Whether one of the members has that key.
    private func names(_ key: String) -> Bool { members.contains { $0.key == key } }
}

// MARK: Reading

extension BodyLayout {
    /// Reads a body. - Throws: the fault of the first member that is missing or of another type.
    func read(_ body: JSONObject, into draft: inout BodyDraft) throws(ValidationError) {
        try read(body, at: "", in: self, into: &draft)
    }

    /// Values are read first, then objects, and members that the layout does not name last, so that they replace no
    /// named value.
    private func read(
        _ object: JSONObject, at path: String, in whole: BodyLayout, into draft: inout BodyDraft
    ) throws(ValidationError) {
        if let block { draft.begin(block) }
        for case .value(let field) in members where !field.isReadLast {
            try read(field, of: object, at: path, into: &draft)
        }
        for case .object(let part) in members {
            guard let value = object[part.key], !part.mayBeNull || value != .null else {
                guard part.isOptional else { throw Self.missing(path + part.key) }
                continue
            }
            let inner = try PayloadValue(value, at: path + part.key).object()
            try part.layout.read(inner, at: path + part.key + ".", in: whole, into: &draft)
        }
        keepOthers(of: object, in: whole, into: &draft)
        for case .value(let field) in members where field.isReadLast {
            try read(field, of: object, at: path, into: &draft)
        }
    }

    private func read(
        _ field: BodyField, of object: JSONObject, at path: String, into draft: inout BodyDraft
    ) throws(ValidationError) {
        guard let value = object[field.key], readsNull || value != .null else {
            guard !field.need.contains(.toRead) else { throw Self.missing(path + field.key) }
            return
        }
        try field.place.put(PayloadValue(value, at: path + field.key), &draft)
    }

    private static func missing(_ path: String) -> ValidationError {
        ValidationError(.missingField, field: path, "\(path) is missing")
    }

    /// If the body has a place for all other details, only the members at that place become details again.
    private func keepOthers(of object: JSONObject, in whole: BodyLayout, into draft: inout BodyDraft) {
        let hasPlace = members.contains { if case .otherDetails = $0 { true } else { false } }
        if whole.hasOtherDetails, !hasPlace, others == .details { return }
        for member in object.members where !names(member.key) && (readsNull || member.value != .null) {
            switch others {
            case .passedOver: break
            case .details: draft.keep(member)
            case .fields: if let block { draft.set(member.value, at: member.key, of: block) }
            case .detail(let name): draft.set(member.value, at: member.key, ofDetail: name)
            }
        }
    }
}
