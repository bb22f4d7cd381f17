import Testing

@testable import GatehouseCore

/// The means by which a person entered: one answer from the three places that may have it, and whether they agree.
@Suite struct AccessMeansTests {
    /// Contents of an event and the answer that follows, in the order of the places.
    private static let answers:
        [(Kind, method: JSON?, form: JSON?, grantedBy: JSON?, AccessMeans.Method, AccessMeans.Grant)] = [
            (.accessGranted, nil, nil, nil, .none, .identifier),
            (.accessGranted, nil, "card", nil, .card, .identifier),
            (.accessGranted, "none", "pin", nil, .password, .identifier),
            (.accessGranted, "face", "card", nil, .face, .identifier),
            (.accessGranted, "card_password", "pin", "identifier", .cardPassword, .identifier),
            (.accessGranted, nil, "card", "api", .card, .api),
            (.accessGranted, nil, nil, "api", .remote, .api),
            (.accessGranted, nil, nil, "call", .remote, .call),
            (.accessGranted, nil, nil, "remote_server", .remote, .remoteServer),
            (.accessGranted, nil, nil, "master_code", .password, .masterCode),
            (.accessGranted, nil, nil, "button", .button, .button),
            (.accessGranted, "button", nil, "identifier", .button, .button),
            (.accessGranted, "button", nil, "call", .button, .call),
            (.accessGranted, "remote", nil, "identifier", .remote, .api),
            (.accessGranted, "remote", nil, nil, .remote, .api),
            (.accessGranted, "lpr", nil, "shared", .licencePlate, .shared),
            (.accessDenied, nil, "other", nil, .other, .identifier),
            (.accessDenied, "no such word", "qr", "no such word", .qr, .identifier),
            (.doorExitRequested, "face", "card", "api", .button, .button),
            (.doorUnlockCommanded, "face", "card", "call", .remote, .api),
        ]

    @Test func firstPlaceWithAValueDecides() {
        for (kind, method, form, grantedBy, means, grant) in Self.answers {
            let answer = AccessMeans(of: kind, data: Self.data(method, form, grantedBy))
            let told = "\(kind.name) \(method ?? .null) \(form ?? .null) \(grantedBy ?? .null)"
            #expect(answer.method == means, "\(told)")
            #expect(answer.grant == grant, "\(told)")
        }
    }

    /// The catalogue and the answer use the same words, so that none is ignored.
    @Test func wordsAreThoseOfTheCatalogue() throws {
        #expect(BlockTable.methods + ["other"] == AccessMeans.Method.allCases.map(\.rawValue))
        guard case .fields(let access) = BlockTable.shape(of: .access),
            case .fields(let credential) = BlockTable.shape(of: .credential),
            case .word(let grants)? = access.first(where: { $0.name == "grantedBy" })?.content,
            case .word(let forms)? = credential.first(where: { $0.name == "form" })?.content
        else {
            Issue.record("the blocks have no such words")
            return
        }
        #expect(grants == AccessMeans.Grant.allCases.map(\.rawValue))
        #expect(forms == AccessMeans.Form.allCases.map(\.rawValue))
    }

    static func data(_ method: JSON?, _ form: JSON?, _ grantedBy: JSON?) -> JSONObject {
        var access = JSONObject()
        access["method"] = method
        access["grantedBy"] = grantedBy
        var data = JSONObject([.init("access", .object(access))])
        data["credential"] = form.map { .object(JSONObject([.init("form", $0)])) }
        return data
    }
}
