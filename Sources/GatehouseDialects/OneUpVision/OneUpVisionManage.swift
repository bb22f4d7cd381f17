internal import GatehouseCore
internal import HTTPTypes

/// The integration's API: the seed says only "a backend panel or an API", so the paths and forms are ours, in the style
/// of Django REST.
enum OneUpVisionManage {
    // swift-format-ignore
    static let api = ManageAPI(
        routes: [
            ManageAPI.Route(.post,   "/api/v1/service-hooks",        .manage, body: OneUpVisionHookReader.fields.declared, handler: create),
            ManageAPI.Route(.get,    "/api/v1/service-hooks",        .read,   handler: list),
            ManageAPI.Route(.get,    "/api/v1/service-hooks/{hook}", .read,   handler: retrieve),
            ManageAPI.Route(.put,    "/api/v1/service-hooks/{hook}", .manage, body: OneUpVisionHookReader.fields.declared, handler: update),
            ManageAPI.Route(.delete, "/api/v1/service-hooks/{hook}", .manage, handler: delete),
        ],
        roots: ["/api/v1/service-hooks"], answer: answer)

    // MARK: The five routes

    /// The hooks of an organization share its uuid and secret; a created secret is shown only now.
    @Sendable private static func create(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let terms = try OneUpVisionHookReader.terms(of: request.body ?? JSONObject(), isUpdate: false)
        let made = try await request.context.add(terms, to: request.context.home())
        let hook = made.subscription
        var object = json(hook, at: request.context.now)
        object["secret"] = made.madeSecret.map { .string($0.revealed) }
        if !made.warnings.isEmpty { object["warning"] = .string(made.warnings.joined(separator: "; ")) }
        return ManageAPI.Answer(.created, .object(object))
    }

    @Sendable private static func list(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let hooks = request.context.subscriptions(of: try request.context.home())
        return ManageAPI.Answer(.ok, .array(hooks.map { .object(json($0, at: request.context.now)) }))
    }

    @Sendable private static func retrieve(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        ManageAPI.Answer(.ok, .object(json(try hook(of: request), at: request.context.now)))
    }

    @Sendable private static func update(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let present = try hook(of: request)
        let terms = try OneUpVisionHookReader.terms(of: request.body ?? JSONObject(), isUpdate: true)
        try await request.context.change(present) { _ in terms }
        return ManageAPI.Answer(.ok, .object(json(try hook(of: request), at: request.context.now)))
    }

    @Sendable private static func delete(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        try await request.context.delete(hook(of: request))
        return ManageAPI.Answer(.noContent)
    }

    // MARK: Shared parts

    private static func hook(of request: ManageAPI.Request) throws(ValidationError) -> Subscription {
        let hooks = request.context.subscriptions(of: try request.context.home())
        let name = request.names.last ?? ""
        guard let hook = hooks.first(where: { $0.id.text.hasBytes(of: name) }) else {
            throw ValidationError(.notFound, "Not found.")
        }
        return hook
    }

    private static func json(_ hook: Subscription, at now: Instant) -> JSONObject {
        OneUpVisionHookReader.fields.object(ShownSubscription(subscription: hook, now: now))
    }

    /// `{"field": ["message"]}` for faults in a body, `{"detail": "…"}` for all other refusals.
    @Sendable private static func answer(_ refusal: ManageAPI.Problem) -> ManageAPI.Answer {
        let fields = refusal.faults.filter { $0.field != nil && $0.code != .malformed && $0.code != .unsupportedMedia }
        guard refusal.status == .unprocessableContent || refusal.status == .badRequest, !fields.isEmpty else {
            return ManageAPI.Answer(refusal.status, ["detail": .string(sentence(of: refusal))])
        }
        var object = JSONObject()
        for fault in fields {
            let key = OneUpVisionHookReader.fields.word(for: fault.field ?? "")
            object[key] = .array((object[key]?.items ?? []) + [.string(fault.sentence)])
        }
        if let rest = refusal.faults.rest { object["non_field_errors"] = [.string(rest)] }
        return ManageAPI.Answer(.badRequest, .object(object))
    }

    private static func sentence(of refusal: ManageAPI.Problem) -> String {
        switch refusal.status {
        case .unauthorized: "Invalid token."
        case .forbidden:
            refusal.faults.first { $0.field == "privacyLevel" }.map { "privacyLevel: \($0.sentence)" }
                ?? "You do not have permission to perform this action."
        case .notFound: "Not found."
        default: refusal.sentence
        }
    }
}

/// Reads the body of a creation or an update and collects every fault, in Django REST's sentences.
struct OneUpVisionHookReader {
    private let body: JSONObject
    private var faults = ValidationErrors()
    private var terms = JSONObject()

    // swift-format-ignore
    /// The object as clients read it; a secret is shown only when it is created.
    static let fields = TermsTable([
        TermsField("id",           .shown)                                   { .string($0.subscription.id.text) },
        TermsField("uuid",         .shown)                                   { .string(UUIDText.integration(of: $0.subscription)) },
        TermsField("url",          .required)                                { .string($0.terms.url.text) },
        TermsField("events",       .required, as: "settings.events")         { $0.setting("events", or: []) },
        TermsField("secret",       .optional),
        TermsField("active",       .optional)                                { $0.isDelivering },
        TermsField("description",  .optional, as: "settings.description")    { $0.setting("description", or: "") },
        TermsField("privacyLevel", .optional)                                { .integer($0.terms.privacyLevel.rawValue) },
        TermsField("created_at",   .shown)                                   { .string(RFC3339.microsecondsText($0.subscription.created)) },
    ])

    private init(_ body: JSONObject) {
        self.body = body
    }

    /// The body as terms of the native API. - Throws: ``ValidationErrors``.
    static func terms(of body: JSONObject, isUpdate: Bool) throws(ValidationErrors) -> JSONObject {
        var reader = OneUpVisionHookReader(body)
        for name in fields.required(isUpdate: isUpdate) where body[name] == nil {
            reader.refuse(name, "This field is required.")
        }
        reader.read(isUpdate: isUpdate)
        try reader.faults.check()
        return reader.terms
    }

    private mutating func read(isUpdate: Bool) {
        if let url = body["url"] {
            if let target = url.text.flatMap({ TargetURL($0) }) {
                terms["url"] = url
                if !isUpdate { terms["name"] = .string(String("1UPVISION \(target.host)".prefix(200))) }
            } else {
                refuse("url", "Enter a valid URL.")
            }
        }
        if let events = body["events"] { readEvents(events) }
        if let active = body["active"] {
            if active.bool != nil { terms["active"] = active } else { refuse("active", "Must be a valid boolean.") }
        }
        if let text = body["description"] {
            if text.text != nil { put(text, "description") } else { refuse("description", "Not a valid string.") }
        }
        if let level = body["privacyLevel"] {
            let isLevel = level.integer.map { (0...2).contains($0) } ?? false
            if isLevel { terms["privacyLevel"] = level } else { refuse("privacyLevel", "Takes 0, 1 or 2.") }
        }
        if let secret = body["secret"] { readSecret(secret, isUpdate: isUpdate) }
    }

    /// A missing secret, or `null` in a creation, means the organization's secret, or a new one. The organization's
    /// secret cannot be removed: the contract signs every request.
    private mutating func readSecret(_ secret: JSON, isUpdate: Bool) {
        if secret.text != nil {
            terms["secret"] = secret
        } else if secret != .null {
            refuse("secret", "Not a valid string.")
        } else if isUpdate {
            refuse("secret", "This field may not be null. Leave it out, and the secret stays as it is.")
        }
    }

    private mutating func readEvents(_ events: JSON) {
        guard let items = events.items else { return refuse("events", "Expected a list of items.") }
        guard !items.isEmpty else { return refuse("events", "This list may not be empty.") }
        for item in items where !OneUpVisionEvents.table.names.contains(item.text ?? "") {
            refuse("events", "\"\(item.text ?? item.compact)\" is not a valid choice.")
        }
        put(events, "events")
    }

    private mutating func put(_ value: JSON, _ name: String) { Self.fields.put(value, name, into: &terms) }

    private mutating func refuse(_ field: String, _ sentence: String) {
        faults.append(ValidationError(.outOfBounds, field: field, sentence))
    }
}
