internal import GatehouseCore

/// The type of each of the contract's keys, by the sample. Reporters may write any type into open blocks and details; a
/// body has a value of the contract's type, or `null`.
enum OneUpVisionSort {
    // swift-format-ignore
    private static let keys: [(sort: BodySort, names: [String])] = [
        (.text,         ["punched_at", "punch_type", "photo_url", "body_temp_unit", "body_temp_status", "first_name", "last_name",
                         "mobile_number", "email", "dob", "primary_face_image_url", "picture_url", "created_at", "updated_at",
                         "attendance_date", "checked_in_at", "checked_out_at", "purpose", "company", "name", "code", "type"]),
        (.integer,      ["id", "space_id", "organization_id", "shift_id", "person_id", "people_form_schema_revision_id"]),
        (.boolean,      ["is_blacklisted"]),
        // `null` in the sample.
        (.scalar,       ["body_temp"]),
        (.object,       ["person", "shift", "attendance", "visitor", "people_custom_data"]),
        // The sample does not show it.
        (.textOrObject, ["host"]),
    ]

    private static let byKey: [String: BodySort] = Dictionary(
        keys.flatMap { sort, names in names.map { ($0, sort) } }, uniquingKeysWith: { first, _ in first })

    /// Objects whose keys the contract defines.
    private static let named: Set = ["person", "shift", "attendance", "visitor"]

    /// The type of a key; any type if the contract does not know the key.
    static func of(_ key: String) -> BodySort { byKey[key] ?? .free }

    /// An object with all its keys, and `null` for a value of another type than the contract's. Further keys of the
    /// vendor stay unchanged.
    static func fitted(_ object: JSONObject) -> JSONObject {
        JSONObject(
            object.members.map { member in
                let value = of(member.key).fitted(member.value) ?? .null
                guard named.contains(member.key), let inner = value.object else {
                    return JSONObject.Member(member.key, value)
                }
                return JSONObject.Member(member.key, .object(fitted(inner)))
            })
    }
}
