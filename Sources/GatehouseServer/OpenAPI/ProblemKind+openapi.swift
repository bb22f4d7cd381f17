internal import GatehouseCore
internal import HTTPTypes

extension ProblemKind {
    /// The schemas of problems.
    static let schemas: [(String, Schema)] = [("Problem", problem), ("Fault", fault)]

    private static let problem: Schema = .record(
        [
            .must("type", .word(Set(all.map(\.type)).sorted()), "What sort of problem it is: stable, to be compared."),
            .must("title", .text(), "The sort in a few words, the same in every answer of its type."),
            .must("status", .integer(400...599), "The status of the answer."),
            .must("detail", .text(), "What is wrong here, and what would be right."),
        ] + place + [
            .may(
                "faults", .list(of: .ref("Fault"), 2...ValidationErrors.most),
                "Every fault, where there are several: the first \(ValidationErrors.most) of them."),
            .may("moreFaults", .count, "How many faults there are beyond these; absent where there are none."),
        ])

    private static let fault: Schema = .record(
        [
            .must(
                "type", .word(ValidationError.Code.allCases.map { ProblemKind($0).type }), "What sort of fault it is."),
            .must("detail", .text(), "What is wrong, and what would be right."),
        ] + place)

    private static let place: [Property] = [
        .may("field", .text(), "The field, parameter or header field at fault, as a path: `data.person.email`."),
        .may("index", .count, "Its place in the batch, from 0."),
    ]

    /// An example of this kind of problem.
    var sample: JSON {
        let (detail, field) =
            switch self {
            case .own(let own): own.sample
            case .fault(let code): code.sample
            }
        var object = JSONObject()
        object["type"] = .string(type)
        object["title"] = .string(title)
        object["status"] = .integer(status.code)
        object["detail"] = .string(detail)
        object["field"] = field.map { .string($0) }
        return .object(object)
    }
}

extension ProblemKind.Own {
    // swift-format-ignore
    fileprivate var sample: (detail: String, field: String?) {
        switch self {
        case .missingKey:      ("send a key as `Authorization: Bearer gk_…`", nil)
        case .unknownKey:      ("no key fits what the Authorization field presents", nil)
        case .tooManyRequests: ("the key calls more often than it may: wait for the reset", nil)
        case .tooManyGuesses:  ("too many wrong credentials came from this address: wait, and present the right one", nil)
        case .wrongMethod:     ("this path does not take PUT", nil)
        case .longTarget:      ("path and query have more than 8192 bytes", nil)
        case .largeHeaders:    ("a request has at most 50 header fields and 8192 bytes of them", nil)
        case .unmetExpectation: ("the one expectation that is met is 100-continue: leave the others out", "expect")
        case .routeNotBuilt:   ("this is not built yet in this version of the gateway", nil)
        case .storeAway:       ("the store cannot be written to at present; send the request again", nil)
        case .overloaded:      ("more waits to be written than may; send the request again", nil)
        case .draining:        ("the gateway takes no more events, it is shutting down; send them again in a moment", nil)
        case .storeDamaged:    ("what the store holds cannot be read; its operator must look at the log", nil)
        case .unexpected:      ("the gateway could not answer; its log tells more under this request's id", nil)
        case .manyConnections: ("512 connections are open, and bounds.connections allows no more: connect again in a moment", nil)
        case .slowRequest:     ("the body came with less than 1024 bytes a second for 10 s", nil)
        case .manyBodies:      ("bodies of 134217728 bytes are under way, and more may not be: send it again in a moment", nil)
        case .callersBodies:   ("bodies of 33554432 bytes are under way with this key: send one after the other", nil)
        case .manyWaits:       ("20 streams of events are open with this key, and more may not be", nil)
        case .doorRefused:     ("the simulated door refuses, as its settings say", nil)
        case .doorUnsupported: ("the door lobby has no driver: give it one by PATCH /v1/doors/lobby", nil)
        case .doorUnanswered:  ("the door gave no answer within 5 s; it may have opened all the same", nil)
        case .repeatedCommand: ("the door is being told at this moment: ask again for what came of it", "Idempotency-Key")
        case .ambiguousPath:   ("the door lobby stands in acme, acme-north; choose one by ?organization=", nil)
        }
    }
}

extension ValidationError.Code {
    // swift-format-ignore
    fileprivate var sample: (detail: String, field: String?) {
        switch self {
        case .malformed:           ("unexpected end, at byte 17 of the body", nil)
        case .missingField:        ("name is missing", "name")
        case .unknownField:        ("this field is not known here; known: id, name", "colour")
        case .wrongType:           ("name is a string, not a number", "name")
        case .outOfBounds:         ("name has 1 to 200 characters, none of them control", "name")
        case .maskedValue:         (Mask.fault(at: "url").sentence, "url")
        case .unknownKind:         ("there is no kind \"door.forcd\". Did you mean \"door.forced\"?", "type")
        case .unknownOrganization: ("there is no organization acne", "organization")
        case .unknownPanel:        ("there is no panel 107; POST /v1/panels makes one", "panel")
        case .unknownDoor:         ("acme has no door \"loby\". Did you mean \"lobby\"?", "data.door")
        case .misplacedBlock:      ("an event of kind door.opened carries no person", "data.person")
        case .contradiction:       ("access.granted says authorized true by itself, and data.access.authorized says false: send the kind that happened, or leave the field out", "data.access.authorized")
        case .ambiguous:           ("the panel 1070000 stands in acme, acme-north; name the organization", "panel")
        case .conflict:            ("an identifier or number is taken", "id")
        case .forbidden:           ("a key of the role reporter may not do this; it needs admin or manager", nil)
        case .forbiddenTarget:     ("the address is in a range that is never delivered to", "url")
        case .notBuilt:            ("rate is not built yet; concurrency bounds what is in flight: leave it out", "rate")
        case .notFound:            ("there is no such thing", nil)
        case .tooLarge:            ("the body has more than 262144 bytes", nil)
        case .unsupportedMedia:    ("the body's Content-Type is one of application/json, in UTF-8", "content-type")
        }
    }
}
