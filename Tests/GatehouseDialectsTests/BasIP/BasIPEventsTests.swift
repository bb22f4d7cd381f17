internal import GatehouseCore
internal import GatehouseTesting
import Testing

@testable internal import DialectFixtures
@testable import GatehouseDialects

/// The table of names, compared with the seed and our catalogue, and the choice of an event's one name.
@Suite struct BasIPEventsTests {
    @Test func namesAreThe41OfTheSeed() throws {
        let names = BasIPEvents.table.rows.map(\.name)
        #expect(names.count == 41)
        #expect(Set(names).count == 41)
        #expect(names == (try BasIPExamples.all().map(\.name)))
    }

    @Test func shippedEventsGetTheirNames() throws {
        for (name, event) in try BasIPExamples.all() {
            #expect(BasIPEvents.row(of: event.kind, data: event.data)?.name == name)
            #expect(BasIPEvents.table.row(named: name)?.kind == event.kind)
        }
    }

    @Test func silentKindHasAReason() {
        var silent = 0
        for kind in Kind.allCases {
            switch BasIPEvents.table.vocabulary.entries[kind] {
            case .named(let names):
                #expect(BasIPEvents.row(of: kind, data: [:]).map { names.contains(VendorName($0.name)) } == true)
            case .silent(let reason):
                silent += 1
                #expect(reason.count > 20)
                #expect(BasIPEvents.row(of: kind, data: BasIPExamples.badge) == nil)
            case nil: Issue.record("\(kind.name) is neither named nor silent")
            }
        }
        #expect(silent + 29 == Kind.allCases.count)
        #expect(BasIPEvents.silent.flatMap(\.kinds).count == silent, "no kind stands twice")
    }

    @Test func everyNameBelongsToAKindInTheVocabulary() throws {
        var reached: Set<String> = []
        for (_, event) in try BasIPExamples.all() {
            guard case .named(let names) = BasIPEvents.table.vocabulary.entries[event.kind] else { continue }
            reached.formUnion(names.map(\.text))
        }
        #expect(reached == Set(BasIPEvents.table.rows.map(\.name)))
        #expect(BasIPEvents.borrowed.allSatisfy { reached.contains($0.name) })
    }

    /// Contents of an event, and its name.
    struct Choice: Sendable, CustomTestStringConvertible {
        let kind: Kind
        let data: JSONObject
        let name: String

        init(_ kind: Kind, _ access: JSON = [:], form: JSON = .null, channel: JSON? = nil, gets name: String) {
            self.kind = kind
            var data: JSONObject = ["access": access]
            if form != .null { data["credential"] = ["form": form] }
            if let channel { data["details"] = ["channel": channel] }
            self.data = data
            self.name = "log.\(name)"
        }

        var testDescription: String { "\(kind.name) \(JSON.object(data).compact)" }
    }

    private static let granted = [
        Choice(.accessGranted, gets: "access_granted_by_valid_identifier"),
        Choice(.accessGranted, ["grantedBy": "identifier"], gets: "access_granted_by_valid_identifier"),
        // A button is not an identifier.
        Choice(.accessGranted, ["grantedBy": "button"], gets: "lock_was_opened_by_exit_btn"),
        Choice(.accessGranted, ["method": "button"], gets: "lock_was_opened_by_exit_btn"),
        Choice(.accessGranted, ["method": "remote"], gets: "access_granted_by_api_call"),
        Choice(.doorUnlockCommanded, gets: "access_granted_by_api_call"),
        Choice(.accessGranted, ["grantedBy": "api"], form: "card", gets: "access_granted_by_api_call"),
        Choice(.accessGranted, ["grantedBy": "call"], gets: "access_granted_by_call_host"),
        Choice(.accessGranted, ["grantedBy": "master_code"], form: "pin", gets: "access_granted_by_master_code"),
        Choice(.accessGranted, ["grantedBy": "remote_server"], gets: "access_granted_by_remote_server_api_call"),
        Choice(.accessGranted, ["grantedBy": "shared"], gets: "access_granted_by_shared_identifier"),
        Choice(.accessMultiGranted, ["grantedBy": "api"], gets: "multi_access_granted"),
        Choice(.accessDuress, gets: "access_granted_by_valid_identifier"),
        Choice(.accessDuress, ["authorized": true, "grantedBy": "api"], gets: "access_granted_by_valid_identifier"),
        Choice(.accessDuress, ["authorized": false], form: "face", gets: "access_denied_by_not_valid_identifier"),
    ]

    private static let denied = [
        Choice(.accessDenied, gets: "access_denied_by_not_valid_identifier"),
        Choice(.accessDenied, ["reason": "expired"], form: "card", gets: "access_denied_by_not_valid_identifier"),
        Choice(.accessDenied, form: "pin", gets: "access_denied_by_not_valid_input_code"),
        Choice(.accessDenied, ["method": "password"], gets: "access_denied_by_not_valid_input_code"),
        Choice(.accessDenied, form: "face", gets: "access_denied_by_not_valid_face_identifier"),
        Choice(
            .accessDenied, ["reason": "remote_server"], form: "face", gets: "access_denied_by_remote_server_api_call"),
        Choice(.accessDenied, ["reason": "shared"], form: "face", gets: "access_denied_by_not_valid_shared_identifier"),
        Choice(.accessUnrecognized, gets: "access_denied_unknown_identifier"),
        Choice(.accessUnrecognized, form: "face", gets: "access_denied_unknown_identifier"),
        Choice(.accessUnrecognized, form: "card", gets: "access_denied_by_unknown_card"),
        Choice(.accessUnrecognized, ["method": "card"], gets: "access_denied_by_unknown_card"),
        Choice(.accessUnrecognized, form: "qr", gets: "access_denied_by_unknown_qr"),
        Choice(.accessUnrecognized, form: "pin", gets: "access_denied_by_not_valid_input_code"),
        Choice(
            .accessUnrecognized, ["reason": "unlinked"], form: "pin",
            gets: "identifiers_without_linkage_to_user_access_denied"),
        Choice(.accessMultiDenied, ["reason": "shared"], form: "face", gets: "multi_access_denied"),
    ]

    private static let logins = [
        Choice(.loginSucceeded, gets: "successful_login_api_call"),
        Choice(.loginSucceeded, channel: "api", gets: "successful_login_api_call"),
        Choice(.loginSucceeded, channel: "gui", gets: "successful_login_gui_settings"),
        Choice(.loginFailed, channel: "telnet", gets: "incorrect_login_api_call"),
        Choice(.loginFailed, channel: "gui", gets: "incorrect_login_gui_settings"),
    ]

    @Test(arguments: granted + denied + logins)
    func contentOfAnEventChoosesItsName(_ choice: Choice) {
        #expect(BasIPEvents.row(of: choice.kind, data: choice.data)?.name == choice.name)
    }

    @Test func nameIsSentOnlyToSubscriptionsThatAskForIt() throws {
        let spoken = Spoken(dialect: BasIPDialect())
        let all = try BasIPExamples.all()
        for (name, _) in all {
            let subscription = try spoken.subscription(["settings": ["event_types": [.string(name)], "max_retries": 0]])
            let owed = all.flatMap { spoken.dialect.names(of: $0.event, for: subscription).map(\.text) }
            #expect(owed == [name])
        }
    }
}
