/// What a kind of event implies about its `access` block, including the defaults for fields that the reporter omits.
public struct Passage: Sendable {
    /// What the kind itself implies; a block with another value contradicts it.
    public let says: JSONObject
    /// The defaults for fields that the reporter omits.
    public let otherwise: JSONObject

    /// Both, in the order of the block's fields: the passage of an event without an `access` block.
    public var facts: JSONObject {
        var facts = JSONObject()
        for name in Self.fields { facts[name] = says[name] ?? otherwise[name] }
        return facts
    }

    /// The fields of the block that a kind can imply, in their order.
    public static let fields = ["direction", "method", "authorized", "duress"]
}

extension Catalogue {
    // swift-format-ignore
    /// The kinds that imply something about a passage. A recognized credential or an emulated scan decides nothing.
    /// Under duress the default is that the person was let in: that is the more alarming reading, and what panels do.
    private static let passages: [Kind: Passage] = [
        .accessGranted:       passage(says: ["authorized": true]),
        .accessDenied:        passage(says: ["authorized": false]),
        .accessUnrecognized:  passage(says: ["authorized": false]),
        .accessDuress:        passage(says: ["duress": true], otherwise: ["authorized": true]),
        .accessMultiGranted:  passage(says: ["authorized": true]),
        .accessMultiDenied:   passage(says: ["authorized": false]),
        .doorExitRequested:   passage(says: ["direction": "exit", "authorized": true], otherwise: ["method": "button"]),
        .doorUnlockCommanded: passage(otherwise: ["authorized": true]),
    ]

    /// What a kind implies about the passage; nil if nothing.
    public static func passage(of kind: Kind) -> Passage? { passages[kind] }

    private static func passage(says: JSON = [:], otherwise: JSON = [:]) -> Passage {
        Passage(says: says.object ?? JSONObject(), otherwise: otherwise.object ?? JSONObject())
    }
}
