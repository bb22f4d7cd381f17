/// What a kind of passage says in its `access` block: the one place of what holds where a reporter says nothing.
public struct Passage: Sendable {
    /// What the kind says by itself; a block that says otherwise contradicts it.
    public let says: JSONObject
    /// What holds where the reporter does not say.
    public let otherwise: JSONObject

    /// Both, in the order in which a block has them: what a kind that came without a block tells of the passage.
    public var facts: JSONObject {
        var facts = JSONObject()
        for name in Self.fields { facts[name] = says[name] ?? otherwise[name] }
        return facts
    }

    /// The fields of the block that a kind can say something about, in their order.
    public static let fields = ["direction", "method", "authorized", "duress"]
}

extension Catalogue {
    // swift-format-ignore
    /// The kinds that say something of a passage. A credential that is recognized, or a scan that is emulated, decides
    /// nothing. Who acts under duress is taken to have been let in: that is the more alarming, and what panels do.
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

    /// What a kind says of the passage; nil where it says nothing.
    public static func passage(of kind: Kind) -> Passage? { passages[kind] }

    private static func passage(says: JSON = [:], otherwise: JSON = [:]) -> Passage {
        Passage(says: says.object ?? JSONObject(), otherwise: otherwise.object ?? JSONObject())
    }
}
