internal import GatehouseCore
internal import HTTPTypes

/// The kinds of problems in the gateway's answers: one table of type, status and title.
enum ProblemKind: Hashable, Sendable {
    /// Something is wrong with what a caller sent.
    case fault(ValidationError.Code)
    /// Everything else.
    case own(Own)

    /// The kinds that are not faults in a request's content. Two of them share the type of a fault, with another
    /// status.
    enum Own: String, CaseIterable, Sendable {
        case missingKey = "missing-key"
        case unknownKey = "unknown-key"
        case tooManyRequests = "too-many-requests"
        case tooManyGuesses = "too-many-guesses"
        case wrongMethod = "wrong-method"
        case longTarget = "long-target"
        case largeHeaders = "large-headers"
        case unmetExpectation = "unmet-expectation"
        case routeNotBuilt = "not-built"
        case storeAway = "store-away"
        case overloaded
        case draining
        case storeDamaged = "store-damaged"
        case unexpected
        case manyConnections = "many-connections"
        case slowRequest = "slow-request"
        case manyBodies = "many-bodies"
        case callersBodies = "callers-bodies"
        case manyWaits = "many-waits"
        case doorRefused = "door-refused"
        case doorUnsupported = "door-unsupported"
        case doorUnanswered = "door-unanswered"
        case repeatedCommand = "repeated-command"
        /// The path names one thing, but two have that name: unlike in a body, the request itself was right.
        case ambiguousPath = "ambiguous"
    }

    /// Every kind, in the order in which they are printed.
    static let all: [ProblemKind] = Own.allCases.map { .own($0) } + ValidationError.Code.allCases.map { .fault($0) }

    /// The kind of a fault.
    init(_ code: ValidationError.Code) {
        self = .fault(code)
    }

    /// The stable last part of the problem's `type`.
    var slug: String {
        switch self {
        case .own(let own): own.rawValue
        case .fault(let code): code.rawValue
        }
    }

    /// The `type`, a reference relative to the gateway's own address.
    var type: String { "/problems/" + slug }

    /// The status that goes with it.
    var status: HTTPResponse.Status { row.status }

    /// The kind in a few words, the same in every answer of its type (RFC 9457 section 3.1.4).
    var title: String { row.title }

    private var row: (status: HTTPResponse.Status, title: String) {
        switch self {
        case .own(let own): own.row
        case .fault(let code): code.row
        }
    }
}

extension ProblemKind.Own {
    // swift-format-ignore
    fileprivate var row: (status: HTTPResponse.Status, title: String) {
        switch self {
        case .missingKey:      (.unauthorized, "No key was presented")
        case .unknownKey:      (.unauthorized, "The key is not known")
        case .tooManyRequests: (.tooManyRequests, "The key calls too often")
        case .tooManyGuesses:  (.tooManyRequests, "Too many wrong credentials")
        case .wrongMethod:     (.methodNotAllowed, "The method is not allowed here")
        case .longTarget:      (.uriTooLong, "The request's URL is too long")
        case .largeHeaders:    (.requestHeaderFieldsTooLarge, "The header fields are too large")
        case .unmetExpectation: (.expectationFailed, "The expectation is not met")
        case .routeNotBuilt:   (.notImplemented, "Not built yet")
        case .storeAway:       (.serviceUnavailable, "The store is away")
        case .overloaded:      (.serviceUnavailable, "The gateway is overloaded")
        case .draining:        (.serviceUnavailable, "The gateway is shutting down")
        case .storeDamaged:    (.internalServerError, "The store is damaged")
        case .unexpected:      (.internalServerError, "Something unforeseen went wrong")
        case .manyConnections: (.serviceUnavailable, "Too many connections are open")
        case .slowRequest:     (.requestTimeout, "The request came too slowly")
        case .manyBodies:      (.serviceUnavailable, "Too many bytes of bodies are under way")
        case .callersBodies:   (.tooManyRequests, "The caller has too many bytes of bodies under way")
        case .manyWaits:       (.tooManyRequests, "The caller waits for events too often at once")
        case .doorRefused:     (.forbidden, "The door refused")
        case .doorUnsupported: (.notImplemented, "The door cannot be told to open")
        case .doorUnanswered:  (.gatewayTimeout, "The door did not answer")
        case .repeatedCommand: (.conflict, "The command was given before")
        case .ambiguousPath:   (.conflict, "A name means more than one thing")
        }
    }
}

extension ValidationError.Code {
    // swift-format-ignore
    /// The table of the status of each fault code.
    fileprivate var row: (status: HTTPResponse.Status, title: String) {
        switch self {
        case .malformed:           (.badRequest, "The request cannot be read")
        case .missingField:        (.unprocessableContent, "A field is missing")
        case .unknownField:        (.unprocessableContent, "A field is not known")
        case .wrongType:           (.unprocessableContent, "A field has the wrong type")
        case .outOfBounds:         (.unprocessableContent, "A value is out of bounds")
        case .maskedValue:         (.unprocessableContent, "Dots stand where a value belongs")
        case .unknownKind:         (.unprocessableContent, "The kind is not known")
        case .unknownOrganization: (.unprocessableContent, "The organization is not known")
        case .unknownPanel:        (.unprocessableContent, "The panel is not known")
        case .unknownDoor:         (.unprocessableContent, "The door is not known")
        case .misplacedBlock:      (.unprocessableContent, "A block stands where it may not")
        case .contradiction:       (.unprocessableContent, "Two fields contradict each other")
        case .ambiguous:           (.unprocessableContent, "A name means more than one thing")
        case .conflict:            (.conflict, "The request conflicts with what there is")
        case .forbidden:           (.forbidden, "The key may not do this")
        case .forbiddenTarget:     (.unprocessableContent, "The target is not allowed")
        case .notBuilt:            (.unprocessableContent, "Not built yet")
        case .notFound:            (.notFound, "There is no such thing")
        case .tooLarge:            (.contentTooLarge, "The request is too large")
        case .unsupportedMedia:    (.unsupportedMediaType, "The content type is not taken")
        }
    }
}
