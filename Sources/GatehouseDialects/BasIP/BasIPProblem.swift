internal import GatehouseCore
internal import HTTPTypes

/// The contract's sentences, `{"error": …}`, word for word; docs/dialects/basip.md has them in one table.
enum BasIPProblem {
    static let url = bad("Invalid URL format. Must be HTTP URL")
    static let status = bad("Status must be 'active' or 'disabled'")
    static let eventTypes = bad("Invalid event types")
    static let maxRetries = bad("Max retries must be between 1 and 5")
    static let headerName = bad("Invalid header name")
    static let body = bad("Wrong JSON body")
    static let sameURL = bad("Webhook with the same URL already exists")
    static let uid = bad("Wrong webhook uid")
    static let eventUID = bad("Wrong webhook event uid")
    static let login = bad("Wrong username or password")
    static let pageLimit = bad("Wrong pagination limit")
    static let pageNumber = bad("Wrong page number")
    static let sortField = bad("Wrong sort field")
    static let sortType = bad("Wrong sort type")
    static let filterField = bad("Wrong filter field")
    static let filterType = bad("Wrong filter type")
    static let filterFormat = bad("Wrong filter format")
    static let filterValue = bad("Wrong filter value")
    static let timeFormat = bad("Wrong time format")
    static let timeRange = bad("Wrong time range: 'to' must be greater then 'from'")
    static let unknown = ManageAPI.Problem(.unauthorized, "Log In")
    static let path = ManageAPI.Problem(.notFound, "Not Found")
    static let rights = ManageAPI.Problem(.forbidden, "Administrator rights required")

    /// Every sentence without a field name.
    static let all = [
        url, status, eventTypes, maxRetries, headerName, body, sameURL, uid, eventUID, login, pageLimit, pageNumber,
        sortField, sortType, filterField, filterType, filterFormat, filterValue, timeFormat, timeRange, unknown, rights,
        path,
    ]

    static func missing(_ field: String) -> ManageAPI.Problem { bad("Wrong JSON body: no value for \(field)") }

    static func wrongType(_ field: String) -> ManageAPI.Problem {
        bad("Wrong JSON body: value \(field) was of the wrong type")
    }

    /// For bounds without a sentence in the seed.
    static func wrongValue(_ field: String) -> ManageAPI.Problem { bad("Wrong value for \(field)") }

    private static func bad(_ sentence: String) -> ManageAPI.Problem { ManageAPI.Problem(.badRequest, sentence) }

    /// A refusal in the contract's form and words.
    @Sendable static func answer(_ refusal: ManageAPI.Problem) -> ManageAPI.Answer {
        let told = translated(refusal)
        return ManageAPI.Answer(told.status, ["error": .string(told.sentence)])
    }

    private static func translated(_ refusal: ManageAPI.Problem) -> ManageAPI.Problem {
        if refusal.isOfUnknownPath { return path }
        switch refusal.status {
        case .unauthorized: return unknown
        case .forbidden:
            // The contract does not know the privacy level of a key: our sentence says what to do.
            let bound = refusal.faults.first { $0.field == "privacyLevel" }
            return bound.map { ManageAPI.Problem(.forbidden, "privacyLevel: \($0.sentence)") } ?? rights
        case .notFound: return uid
        case .unsupportedMediaType where refusal.isOfCoding:
            // The contract does not know compressed bodies; the answer follows RFC 9110, section 15.5.16.
            return ManageAPI.Problem(.unsupportedMediaType, refusal.sentence)
        case .unsupportedMediaType, .contentTooLarge: return body
        default: break
        }
        guard let fault = refusal.faults.first else { return refusal }
        guard let field = fault.field else { return fault.code == .malformed ? body : bad(fault.sentence) }
        switch (fault.code, field) {
        // The contract does not know the egress rules, our masks, limits of its own names and the choice of an
        // organization: they keep our sentences.
        case (.forbiddenTarget, _), (.maskedValue, _), (.unknownField, _), (_, "gatehouse-organization"):
            return bad(fault.sentence)
        case (_, let name) where name.hasPrefix("headers."): return headerName
        default: return wrongValue(BasIPWebhook.fields.word(for: field))
        }
    }
}
