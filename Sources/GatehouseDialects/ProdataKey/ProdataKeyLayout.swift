internal import GatehouseCore

/// The members of one topic's body in the contract's order. The one list both writes and reads, so that the two cannot
/// part.
struct ProdataKeyLayout: Sendable {
    let members: [Member]
    /// What a body must have, by its path: what must be there to read one, but for what people have no panel for.
    let required: [(key: String, place: ProdataKeyPlace)]

    init(members: [Member]) {
        self.members = members
        self.required = Self.required(members, at: "")
    }

    private static func required(_ members: [Member], at path: String) -> [(key: String, place: ProdataKeyPlace)] {
        members.flatMap { member -> [(key: String, place: ProdataKeyPlace)] in
            switch member {
            case .value(let field): field.isRequired ? [(path + field.key, field.place)] : []
            case .object(let key, let inner): required(inner, at: path + key + ".")
            case .block, .otherDetails: []
            }
        }
    }

    /// One member of a body, or several that are not known beforehand.
    indirect enum Member: Sendable {
        /// A value with its place in the event.
        case value(ProdataKeyField)
        /// An object of the contract's own, which stands there even when it is empty.
        case object(String, [Member])
        /// A block of the event, which stands there where the event has it, with those of its fields that the contract
        /// names.
        case block(Block, [String])
        /// Whatever else `details` has, in its order.
        case otherDetails
    }

    /// Writes the body.
    func object(_ view: ProdataKeyView) -> JSONObject {
        written(members, view)
    }

    private func written(_ members: [Member], _ view: ProdataKeyView) -> JSONObject {
        var object = JSONObject()
        for member in members {
            switch member {
            case .value(let field): object[field.key] = field.value(in: view)
            case .object(let key, let inner): object[key] = .object(written(inner, view))
            case .block(let block, let names):
                guard let fields = view.data[block.rawValue] else { continue }
                let known = names.compactMap { name in fields[name].map { JSONObject.Member(name, $0) } }
                object[block.rawValue] = .object(JSONObject(known))
            case .otherDetails:
                let named = named(beside: members)
                for detail in view.data["details"]?.object?.members ?? [] where !named.contains(detail.key) {
                    object[detail.key] = ProdataKeyDetail.sort(of: detail.key).fitted(detail.value)
                }
            }
        }
        return object
    }

    /// The details that have their own place in the body, or would stand where one of the neighbours does.
    private func named(beside neighbours: [Member]) -> Set<String> {
        Set(neighbours.compactMap(\.key)).union(placedDetails(members))
    }

    private func placedDetails(_ members: [Member]) -> [String] {
        members.flatMap { member -> [String] in
            switch member {
            case .value(let field): field.detail.map { [$0] } ?? []
            case .object(_, let inner): placedDetails(inner)
            case .block, .otherDetails: []
            }
        }
    }
}

// MARK: Reading

extension ProdataKeyLayout {
    /// Reads a body. - Throws: the fault of the first field that is missing or of another type.
    func read(_ body: JSONObject, into draft: inout ProdataKeyDraft) throws(ValidationError) {
        try read(members, of: body, at: "", into: &draft)
    }

    /// Values come before the objects beside them: the panel stands in the body of a topic after what happened there.
    private func read(
        _ members: [Member], of object: JSONObject, at path: String, into draft: inout ProdataKeyDraft
    ) throws(ValidationError) {
        for case .value(let field) in members { try read(field, of: object, at: path, into: &draft) }
        for member in members {
            switch member {
            case .value: break
            case .object(let key, let inner):
                guard let value = object[key] else { throw missing(path + key) }
                let fields = try PayloadValue(value, at: path + key).object()
                try read(inner, of: fields, at: path + key + ".", into: &draft)
            case .block(let block, _):
                guard let value = object[block.rawValue] else { continue }
                let fields = try PayloadValue(value, at: path + block.rawValue).object()
                draft.set(fields, as: block)
            case .otherDetails: keepOthers(of: object, beside: members, in: &draft)
            }
        }
        // Where the body has a place for what else there is, nothing but that may come there again.
        if !hasOtherDetails(self.members) { keepOthers(of: object, beside: members, in: &draft) }
    }

    private func read(
        _ field: ProdataKeyField, of object: JSONObject, at path: String, into draft: inout ProdataKeyDraft
    ) throws(ValidationError) {
        guard let value = object[field.key] else {
            guard field.isOptional else { throw missing(path + field.key) }
            return
        }
        try field.place.put(PayloadValue(value, at: path + field.key), into: &draft)
    }

    private func missing(_ path: String) -> ValidationError {
        ValidationError(.missingField, field: path, "\(path) is missing")
    }

    private func keepOthers(of object: JSONObject, beside members: [Member], in draft: inout ProdataKeyDraft) {
        for member in object.members where !members.contains(where: { $0.key == member.key }) { draft.keep(member) }
    }

    private func hasOtherDetails(_ members: [Member]) -> Bool {
        members.contains { member in
            switch member {
            case .otherDetails: true
            case .object(_, let inner): hasOtherDetails(inner)
            case .value, .block: false
            }
        }
    }
}

extension ProdataKeyLayout.Member {
    /// Its key in the body; nil where there are several.
    var key: String? {
        switch self {
        case .value(let field): field.key
        case .object(let key, _): key
        case .block(let block, _): block.rawValue
        case .otherDetails: nil
        }
    }
}
