internal import GatehouseCore

/// What the contract has under each of its keys, by the sample. Reporters may write anything into open blocks and
/// details; a body has what the contract has, or `null`.
enum OneUpVisionSort {
    case text, integer, boolean
    /// `null` in the sample.
    case scalar
    /// An object whose own keys the contract names.
    case object
    /// An object, whatever stands in it.
    case custom
    /// An object or a text: the sample does not show it.
    case host

    // swift-format-ignore
    private static let keys: [(sort: OneUpVisionSort, names: [String])] = [
        (.text,    ["punched_at", "punch_type", "photo_url", "body_temp_unit", "body_temp_status", "first_name", "last_name", "mobile_number",
                    "email", "dob", "primary_face_image_url", "picture_url", "created_at", "updated_at", "attendance_date", "checked_in_at",
                    "checked_out_at", "purpose", "company", "name", "code", "type"]),
        (.integer, ["id", "space_id", "organization_id", "shift_id", "person_id", "people_form_schema_revision_id"]),
        (.boolean, ["is_blacklisted"]),
        (.scalar,  ["body_temp"]),
        (.object,  ["person", "shift", "attendance", "visitor"]),
        (.custom,  ["people_custom_data"]),
        (.host,    ["host"]),
    ]

    private static let byKey = Dictionary(
        keys.flatMap { sort, names in names.map { ($0, sort) } }, uniquingKeysWith: { first, _ in first })

    /// An object with every key that it has, and `null` where the value is of another sort than the contract's. What a
    /// vendor adds beside the contract's keys stays as it is.
    static func fitted(_ object: JSONObject) -> JSONObject {
        JSONObject(object.members.map { JSONObject.Member($0.key, byKey[$0.key]?.fitted($0.value) ?? $0.value) })
    }

    private func fitted(_ value: JSON) -> JSON {
        switch self {
        case .text: value.text == nil ? .null : value
        case .integer: value.wholeNumber ?? .null
        case .boolean: value.bool == nil ? .null : value
        case .scalar: value.object == nil && value.items == nil ? value : .null
        case .object: value.object.map { .object(Self.fitted($0)) } ?? .null
        case .custom: value.object == nil ? .null : value
        case .host: value.object == nil && value.text == nil ? .null : value
        }
    }
}
