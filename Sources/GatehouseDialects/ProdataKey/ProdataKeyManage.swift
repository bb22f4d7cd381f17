internal import GatehouseCore
internal import HTTPTypes

/// The contract's five routes ("Basic Endpoints"), its errors and its pages.
enum ProdataKeyManage {
    // swift-format-ignore
    static let api = ManageAPI(
        routes: [
            ManageAPI.Route(.post,   "/api/ous/{organization}/hooks",        .manage, body: ProdataKeyHook.fields.declared, handler: create),
            ManageAPI.Route(.get,    "/api/ous/{organization}/hooks/{hook}", .read,   handler: retrieve),
            ManageAPI.Route(.put,    "/api/ous/{organization}/hooks/{hook}", .manage, body: ProdataKeyHook.fields.declared, handler: update),
            ManageAPI.Route(.delete, "/api/ous/{organization}/hooks/{hook}", .manage, handler: delete),
            ManageAPI.Route(.get,    "/api/ous/{organization}/hooks",        .read,   query: Page.parameters, handler: list),
        ],
        roots: ["/api/ous"],
        rate: ManageAPI.Rate(600, in: .seconds(60)), words: ProdataKeyHook.fields.words,
        answer: answer)

    // MARK: The five routes

    @Sendable private static func create(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let organization = try organization(of: request)
        let terms = try ProdataKeyHookReader.terms(of: request.body ?? JSONObject(), isUpdate: false)
        let subscription = try await request.context.add(terms, to: organization).subscription
        return ManageAPI.Answer(.created, ["id": .string(ProdataKeyHook.id(of: subscription))])
    }

    @Sendable private static func retrieve(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let objects = try await objects(of: [hook(of: request)], request)
        return ManageAPI.Answer(.ok, objects.first)
    }

    @Sendable private static func update(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let subscription = try hook(of: request)
        let body = request.body ?? JSONObject()
        let asked = try ProdataKeyHookReader.terms(of: body, isUpdate: true)
        let mayStand = body["expiresAt"] == nil && request.isPartial
        try await request.context.change(subscription) { present in
            var terms = asked
            if mayStand { keepEnd(of: present, in: &terms, at: request.context.now) }
            return terms
        }
        return ManageAPI.Answer(.noContent)
    }

    /// Keeps the present expiry, because the body may have it under a name that was ignored. A change that reactivates
    /// an expired webhook would remove the expiry, so it gets the present one and is refused for it.
    private static func keepEnd(of webhook: Subscription, in terms: inout JSONObject, at now: Instant) {
        let isWoken = webhook.hasExpired(at: now) && terms["active"] == true
        terms["expiresAt"] = isWoken ? .text(webhook.terms.expiresAt.map { RFC3339.text($0) }) : nil
    }

    @Sendable private static func delete(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        try await request.context.delete(hook(of: request))
        return ManageAPI.Answer(.noContent)
    }

    @Sendable private static func list(_ request: ManageAPI.Request) async throws -> ManageAPI.Answer {
        let all = request.context.subscriptions(of: try organization(of: request))
        let page = try Page(request.query)
        let objects = try await objects(of: page.cut(all), request)
        return ManageAPI.Answer(.ok, .array(objects), headers: page.headers(of: request.url, total: all.count))
    }

    // MARK: Shared parts

    private static func organization(of request: ManageAPI.Request) throws(ValidationError) -> Organization {
        try request.context.organization(OrganizationID(request.names.first ?? ""))
    }

    private static func hook(of request: ManageAPI.Request) throws(ValidationError) -> Subscription {
        let id = request.names.last ?? ""
        let all = request.context.subscriptions(of: try organization(of: request))
        guard let hook = all.first(where: { ProdataKeyHook.id(of: $0) == id }) else {
            throw ValidationError(.notFound, "there is no webhook \(id) in this organization")
        }
        return hook
    }

    private static func objects(
        of subscriptions: [Subscription], _ request: ManageAPI.Request
    ) async throws -> [JSON] {
        let odometers = try await request.context.odometers(of: subscriptions)
        let revealing = request.context.caller.role.allows(.manage)
        return subscriptions.map { subscription in
            let shown = ShownSubscription(
                subscription: subscription, now: request.context.now, isRevealing: revealing,
                odometer: odometers[subscription.id] ?? 0)
            return .object(ProdataKeyHook.fields.object(shown))
        }
    }

    // MARK: Refusals

    /// `{"statusCode", "error", "message"}`: a status 422 of the native API is 400 here.
    @Sendable private static func answer(_ refusal: ManageAPI.Problem) -> ManageAPI.Answer {
        let status = refusal.status == .unprocessableContent ? .badRequest : refusal.status
        return ManageAPI.Answer(
            status,
            [
                "statusCode": .integer(status.code), "error": .string(status.reasonPhrase),
                "message": .string(refusal.text { ProdataKeyHook.fields.word(for: $0) }),
            ])
    }
}

/// One page of the list: `page` from 0, `per_page`, `sort`, and the links to other pages.
private struct Page {
    static let parameters = ["page", "per_page", "sort"]
    private static let most = 100

    private let number: Int
    private let size: Int
    /// Whether the list begins with the newest; the contract's own client uses `asc`.
    private let isDescending: Bool

    init(_ query: [String: String]) throws(ValidationError) {
        self.number = try Self.whole(query, "page", in: 0...1_000_000) ?? 0
        self.size = try Self.whole(query, "per_page", in: 1...Self.most) ?? Self.most
        switch query["sort"]?.lowercased() {
        case nil, "asc": self.isDescending = false
        case "desc": self.isDescending = true
        default: throw ValidationError(.outOfBounds, field: "sort", "sort takes asc, the oldest first, or desc")
        }
    }

    private static func whole(
        _ query: [String: String], _ name: String, in range: ClosedRange<Int>
    ) throws(ValidationError) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ValidationError(
                .outOfBounds, field: name,
                "\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The page's items, from all items with the oldest first.
    func cut<Item>(_ items: [Item]) -> [Item] {
        let sorted = isDescending ? items.reversed() : items
        return Array(sorted.dropFirst(number * size).prefix(size))
    }

    /// `X-Total-Count`, and `Link` by RFC 8288 with the other pages.
    func headers(of url: String, total: Int) -> HTTPFields {
        let last = max(0, (total - 1) / size)
        var links = [("first", 0), ("last", last)]
        if number > 0 { links.append(("prev", min(number - 1, last))) }
        if number < last { links.append(("next", number + 1)) }
        var fields = HTTPFields()
        fields[.totalCount] = String(total)
        fields[.link] = links.map { relation, page in
            "<\(url)?page=\(page)&per_page=\(size)\(isDescending ? "&sort=desc" : "")>; rel=\"\(relation)\""
        }.joined(separator: ", ")
        return fields
    }
}

extension HTTPField.Name {
    fileprivate static let totalCount = name("X-Total-Count")
    fileprivate static let link = name("Link")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is a header name") }
        return name
    }
}
