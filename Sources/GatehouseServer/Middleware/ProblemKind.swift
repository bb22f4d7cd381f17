internal import GatehouseCore
internal import HTTPTypes

/// The sorts of problem that the gateway answers with: one table of type, status and title.
struct ProblemKind: Hashable, Sendable {
    /// The stable last part of the problem's `type`.
    let slug: String
    /// The status that goes with it.
    let status: HTTPResponse.Status
    /// The sort in a few words, the same in every answer of its type (RFC 9457 section 3.1.4).
    let title: String

    /// The `type`, a reference relative to the gateway's own address.
    var type: String { "/problems/" + slug }

    static let missingKey = ProblemKind("missing-key", .unauthorized, "No key was presented")
    static let unknownKey = ProblemKind("unknown-key", .unauthorized, "The key is not known")
    static let tooManyRequests = ProblemKind("too-many-requests", .tooManyRequests, "The key calls too often")
    static let wrongMethod = ProblemKind("wrong-method", .methodNotAllowed, "The method is not allowed here")
    static let longTarget = ProblemKind("long-target", .uriTooLong, "The request's URL is too long")
    static let largeHeaders = ProblemKind(
        "large-headers", .requestHeaderFieldsTooLarge, "The header fields are too large")
    static let routeNotBuilt = ProblemKind("not-built", .notImplemented, "Not built yet")
    static let storeAway = ProblemKind("store-away", .serviceUnavailable, "The store is away")
    static let overloaded = ProblemKind("overloaded", .serviceUnavailable, "The gateway is overloaded")
    static let draining = ProblemKind("draining", .serviceUnavailable, "The gateway is shutting down")
    static let storeDamaged = ProblemKind("store-damaged", .internalServerError, "The store is damaged")
    static let unexpected = ProblemKind("unexpected", .internalServerError, "Something unforeseen went wrong")

    static let doorRefused = ProblemKind("door-refused", .forbidden, "The door refused")
    static let doorUnsupported = ProblemKind("door-unsupported", .notImplemented, "The door cannot be told to open")
    static let doorUnanswered = ProblemKind("door-unanswered", .gatewayTimeout, "The door did not answer")
    static let repeatedCommand = ProblemKind("repeated-command", .conflict, "The command was given before")

    private init(_ slug: String, _ status: HTTPResponse.Status, _ title: String) {
        self.slug = slug
        self.status = status
        self.title = title
    }

    // swift-format-ignore
    /// The one table that gives each code of a fault its status.
    init(_ code: Fault.Code) {
        let (status, title): (HTTPResponse.Status, String) =
            switch code {
            case .malformed:           (.badRequest, "The request cannot be read")
            case .missingField:        (.unprocessableContent, "A field is missing")
            case .unknownField:        (.unprocessableContent, "A field is not known")
            case .wrongType:           (.unprocessableContent, "A field has the wrong type")
            case .outOfBounds:         (.unprocessableContent, "A value is out of bounds")
            case .unknownKind:         (.unprocessableContent, "The kind is not known")
            case .unknownOrganization: (.unprocessableContent, "The organization is not known")
            case .unknownPanel:        (.unprocessableContent, "The panel is not known")
            case .unknownDoor:         (.unprocessableContent, "The door is not known")
            case .misplacedBlock:      (.unprocessableContent, "A block stands where it may not")
            case .ambiguous:           (.unprocessableContent, "A name means more than one thing")
            case .conflict:            (.conflict, "The identifier is taken")
            case .forbidden:           (.forbidden, "The key may not do this")
            case .forbiddenTarget:     (.unprocessableContent, "The target is not allowed")
            case .notBuilt:            (.unprocessableContent, "Not built yet")
            case .notFound:            (.notFound, "There is no such thing")
            case .tooLarge:            (.contentTooLarge, "The request is too large")
            case .unsupportedMedia:    (.unsupportedMediaType, "The content type is not taken")
            }
        self.init(code.rawValue, status, title)
    }

    /// Two things of one name where the path must mean one: unlike in a body, the request itself was right.
    static let ambiguousPath = ProblemKind("ambiguous", .conflict, "A name means more than one thing")
}
