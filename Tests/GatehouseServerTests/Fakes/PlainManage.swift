import GatehouseCore
import HTTPTypes

/// A vendor's API of two routes, whose refusals are a word and a sentence.
enum PlainManage {
    static let api = ManageAPI(
        routes: [
            ManageAPI.Route(.post, "/plain/{organization}/wishes", .manage) { request in
                let organization = try request.desk.organization(OrganizationID(request.names[0]))
                let made = try await request.desk.add(request.body ?? JSONObject(), to: organization)
                return ManageAPI.Answer(.created, ["made": .string(made.id.text)])
            },
            ManageAPI.Route(.get, "/plain/{organization}/wishes", .read, query: ["loud"]) { request in
                let organization = try request.desk.organization(OrganizationID(request.names[0]))
                let names = request.desk.subscriptions(of: organization).map { subscription in
                    JSON.string(
                        request.query["loud"] == nil ? subscription.terms.name : subscription.terms.name.uppercased())
                }
                return ManageAPI.Answer(.ok, .array(names), headers: [.location: request.url])
            },
            ManageAPI.Route(.delete, "/plain/{organization}/wishes", .manage) { request in
                let organization = try request.desk.organization(OrganizationID(request.names[0]))
                for subscription in request.desk.subscriptions(of: organization) {
                    try await request.desk.delete(subscription)
                }
                return ManageAPI.Answer(.noContent)
            },
        ],
        rate: ManageAPI.Rate(5, in: .seconds(60)),
        answer: { refusal in
            ManageAPI.Answer(
                refusal.status == .unprocessableContent ? .badRequest : refusal.status,
                [
                    "no": .string(refusal.sentence),
                    "fields": .array(refusal.faults.map { .text($0.field) }),
                ])
        })
}
