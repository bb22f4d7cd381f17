import ArgumentParser
import GatehouseCore
import Testing

@testable import GatehouseClient
@testable import gatehouse

/// The arguments that the commands accept and refuse, without running any of them.
@Suite struct ArgumentTests {
    /// Without its id a path would be that of another thing, or of none. Nothing is sent.
    @Test func emptyIDIsNamed() async throws {
        let client = try APIClient(url: "http://127.0.0.1:1", key: "k")
        let calls: [() async throws -> Void] = [
            { _ = try await client.persons.erase("", of: "acme") },
            { _ = try await client.persons.erasure(of: "", in: "acme") },
            { _ = try await client.organizations.show("") }, { _ = try await client.panels.show("") },
            { _ = try await client.doors.show("") }, { _ = try await client.doors.unlock("") },
            { _ = try await client.keys.show("") }, { _ = try await client.triggers.show("") },
            { _ = try await client.subscriptions.show("") }, { _ = try await client.subscriptions.pause("") },
            { _ = try await client.events.show("") },
        ]
        for call in calls {
            await #expect(throws: GatehouseError.misuse("the id is empty: name one")) { try await call() }
        }
    }

    @Test(arguments: [
        ["serve"], ["serve", "--port", "0", "--store", "sqlite::memory:", "--allow-targets", "127.0.0.0/8"],
        ["demo"], ["demo", "--check", "--duration", "20s", "--rate", "2.5", "--seed", "7"],
        ["send", "door.forced", "--door", "lobby"], ["send", "--file", "-", "--organization", "acme"],
        ["listen", "--secret", secret, "--port", "0", "--fail", "500", "--slow", "5s", "--once", "2"],
        ["verify", "--dialect", "standard", "--secret", secret, "--at", "2026-03-11T08:15:31Z"],
        ["keys", "create", "panel", "--role", "source", "--organization", "acme"], ["keys", "list"],
        ["organizations", "create", "Acme", "--id", "acme"], ["organizations", "show", "acme", "--json"],
        ["panels", "create", "Main", "--organization", "acme", "--number", "7"], ["panels", "list"],
        ["doors", "create", "Lobby", "--panel", "7", "--number", "1", "--attendance"], ["doors", "show", "lobby"],
        ["subscriptions", "create", "Ops", "--target", "https://a.example/in", "--organization", "acme"],
        ["subscriptions", "update", "s1", "--no-active"], ["subscriptions", "delete", "s1"],
        ["subscriptions", "pause", "s1"], ["subscriptions", "resume", "s1"], ["subscriptions", "test", "s1", "--json"],
        ["deliveries", "list", "--state", "waiting"], ["deliveries", "show", "4"],
        ["events", "list", "--since", "2h", "--kind", "access.*,door.forced", "--door", "lobby", "--wait", "30s"],
        ["events", "list", "--since", "2026-03-11T08:15:30Z", "--until", "10m", "--after", "7", "--limit", "5"],
        ["events", "show", "019248f0-1c2d-7abc-8def-0123456789ab", "--json"],
        ["events", "tail"], ["events", "tail", "--organization", "acme", "--once", "3", "--json"],
        ["catalogue", "--dialect", "standard"], ["config", "--example"],
    ])
    func aRightCommandLineIsTaken(arguments: [String]) throws {
        _ = try Gatehouse.parseAsRoot(arguments)
    }

    @Test(arguments: [
        ["serv"], ["serve", "--prot", "1"], ["serve", "--admin-key", "x"],
        ["demo", "--rate", "0"], ["demo", "--rate", "many"], ["demo", "--port", "99999"],
        ["demo", "--check", "--duration", "1s"], ["demo", "--duration", "20"],
        ["send"], ["send", "door.forced", "--file", "x"], ["send", "--file", "x", "--door", "lobby"],
        ["send", "door.forced", "--data", "[]"], ["send", "door.forced", "--data", "{"],
        ["send", "door.forced", "--time", "yesterday"],
        ["listen", "--secret", secret, "--port", "0", "--host", "127.0.0.1:80"],
        ["wait", "127.0.0.1:80:80"], ["wait", "nowhere"], ["wait", "70000"], ["status", "--give-up-after", "5"],
        ["listen", "--port", "0"], ["listen", "--secret", "weak", "--port", "0"],
        ["listen", "--secret", secret, "--port", "0", "--fail", "200"],
        ["listen", "--secret", secret, "--port", "0", "--slow", "5"],
        ["listen", "--secret", secret, "--port", "0", "--once", "0"],
        ["listen", "--secret", secret, "--port", "0", "--fail-first", "0"],
        ["verify"], ["verify", "--secret", "whsec_AA=="], ["verify", "--secret", secret, "--dialect", "unheard-of"],
        ["verify", "--secret", secret, "--at", "noon"],
        ["keys", "create", "panel", "--role", "king", "--organization", "acme"],
        ["organizations", "create"], ["panels", "create", "Main"], ["doors", "create", "Lobby", "--panel", "7"],
        ["subscriptions", "create", "Ops", "--organization", "acme"], ["subscriptions", "update", "s1"],
        ["subscriptions", "update", "s1", "--privacy-level", "3"], ["subscriptions", "update", "s1", "--header", "x"],
        ["doors", "update", "d1"], ["panels", "update", "p1", "--number", "one"], ["keys", "update", "key_1"],
        ["organizations", "update", "acme"], ["keys", "revoke"],
        ["subscriptions", "update", "s1", "--basic", "gate"], ["subscriptions", "update", "s1", "--basic", ":secret"],
        ["subscriptions", "update", "s1", "--basic", "a:b", "--bearer", "t"],
        ["subscriptions", "update", "s1", "--retries", "1,soon"], ["subscriptions", "update", "s1", "--timeout", "1h"],
        ["deliveries", "list", "--state", "lost"], ["deliveries", "show", "x"], ["deliveries", "list", "--limit", "0"],
        ["subscriptions", "test"], ["deliveries", "retry"], ["deliveries", "cancel", "x"],
        ["events", "list", "--since", "yesterday"], ["events", "list", "--limit", "0"],
        ["events", "list", "--wait", "30"], ["events", "show"], ["events", "tail", "--once", "0"],
        ["catalogue", "--dialect", "klingon"], ["subscriptions", "update", "s1", "--settings", "payload"],
        ["subscriptions", "update", "s1", "--promise", "mine"], ["deliveries", "retry"],
        ["deliveries", "retry", "1", "--subscription", "s1"], ["deliveries", "cancel", "1", "--dry-run"],
        ["deliveries", "replay", "--subscription", "s1"], ["deliveries", "replay", "--since", "soon"],
    ])
    func aWrongCommandLineIsRefusedAsUsage(arguments: [String]) throws {
        let error = try #require(throws: (any Error).self) { try Gatehouse.parseAsRoot(arguments) }
        #expect(Gatehouse.exitCode(for: error).rawValue == 64)
    }

    /// A time on the command line is accepted in the spellings of the API.
    @Test(arguments: [
        "2026-03-11", "2026-03-11T08:15", "2026-03-11 08:15:30 +0200", "2026-03-11t08:15:30,5z", "2026-03-11T24:00+00",
    ])
    func timesAreTakenInEverySpelling(time: String) throws {
        for arguments in [
            ["send", "door.forced", "--time", time], ["verify", "--secret", Self.secret, "--at", time],
            ["events", "list", "--since", time], ["events", "list", "--until", time],
        ] { _ = try Gatehouse.parseAsRoot(arguments) }
        let moment = try Moment.told(time)
        #expect(moment == .at(try TimeText(time).time.instant))
    }

    @Test(arguments: [
        ["events", "list"], ["audit", "list"], ["deliveries", "list"], ["deliveries", "retry", "--subscription", "s1"],
        ["deliveries", "cancel", "--subscription", "s1"], ["deliveries", "replay", "--subscription", "s1"],
    ])
    func aNumberInThePlaceOfATimeIsNamed(command: [String]) {
        for option in ["--since", "--until"] {
            let error = #expect(throws: (any Error).self) {
                try Gatehouse.parseAsRoot(command + [option, "1773216930"])
            }
            let said = error.map { Gatehouse.message(for: $0) } ?? ""
            #expect(said.contains("Unix time, here in seconds, is not taken: write 2026-03-11T08:15:30Z"), "\(said)")
        }
    }

    @Test func everyCommandExplainsItself() {
        for command in Self.all(Gatehouse.self) {
            #expect(!command.configuration.abstract.isEmpty, "\(command)")
        }
        for command in Gatehouse.configuration.groupedSubcommands.flatMap(\.subcommands) {
            #expect(command.configuration.discussion.contains("gatehouse "), "\(command) shows no example")
        }
    }

    @Test func aSubscriptionsTermsAreSaidInTheWordsOfTheAPI() throws {
        let command = try Subscriptions.Create.parse([
            "Ops", "--target", "https://a.example/in", "--organization", "acme", "--scope", "p1, p2", "--kinds",
            "access.*,door.forced", "--privacy-level", "2", "--header", "X-Team:  guards ", "--timeout", "5s",
            "--retries", "1,2,5", "--concurrency", "4", "--no-extra-headers",
        ])
        #expect(
            command.body
                == JSONObject([
                    "name": "Ops", "url": "https://a.example/in", "organization": "acme", "dialect": "standard",
                    "scope": ["p1", "p2"], "kinds": ["access.*", "door.forced"], "privacyLevel": 2,
                    "headers": ["X-Team": "guards"], "timeout": 5000, "retries": [1, 2, 5], "concurrency": 4,
                    "extraHeaders": false,
                ]))
    }

    @Test func anUpdateNamesOnlyWhatChanges() throws {
        #expect(try Subscriptions.Update.parse(["s1", "--active"]).body == JSONObject(["active": true]))
        let reset = try Subscriptions.Update.parse(["s1", "--retries", "default", "--scope", "this"])
        #expect(reset.body == JSONObject(["scope": "this", "retries": "default"]))
        for (arguments, body): ([String], JSON) in [
            (["--basic", "gate:a:b"], ["authentication": ["type": "basic", "user": "gate", "password": "a:b"]]),
            (["--basic", "none"], ["authentication": ["type": "none"]]),
            (["--bearer", "t"], ["authentication": ["type": "bearer", "token": "t"]]),
            (["--no-tls-verification"], ["tls": ["verification": false]]),
            (["--expires-at", "2030-01-01T00:00:00Z"], ["expiresAt": "2030-01-01T00:00:00Z"]),
            (["--expires-at", "never"], ["expiresAt": nil]),
            (["--settings", #"{"payload":"envelope"}"#], ["settings": ["payload": "envelope"]]),
            (["--promise", "vendor"], ["promise": "vendor"]), (["--promise", "default"], ["promise": nil]),
            (["--standard-signature"], ["standardSignature": true]),
        ] {
            #expect(try .object(Subscriptions.Update.parse(["s1"] + arguments).body) == body)
        }
    }

    @Test func theDirectoryIsChangedByWhatIsNamed() throws {
        let door = try Doors.Update.parse(["lobby", "--number", "4", "--no-attendance"]).body
        #expect(door == JSONObject(["number": 4, "attendance": false]))
        let panel = try Panels.Update.parse(["p1", "--number", "none", "--time-zone", "none"]).body
        #expect(panel == JSONObject(["number": nil, "timeZone": nil]))
        let organization = try Organizations.Update.parse(["acme", "--name", "New"]).body
        #expect(organization == JSONObject(["name": "New"]))
        #expect(try Keys.Update.parse(["key_1", "--role", "reporter"]).body == JSONObject(["role": "reporter"]))
        let bounds = ["--privacy-level", "2", "--expires-at", "2030-01-01T00:00:00Z", "--rate", "600"]
        let made = try Keys.Create.parse(["K", "--role", "reporter", "--organization", "acme"] + bounds).body
        #expect(made["privacyLevel"] == 2 && made["expiresAt"] == "2030-01-01T00:00:00Z" && made["rate"] == 600)
        let free = try Keys.Update.parse(["key_1", "--expires-at", "never", "--rate", "none"]).body
        #expect(free == JSONObject(["expiresAt": nil, "rate": nil]))
        let bound = try Keys.Update.parse(["key_1", "--panel", "p1", "--panel", "p2", "--source", "/panels/p1*"]).body
        #expect(bound == JSONObject(["panels": ["p1", "p2"], "sources": ["/panels/p1*"]]))
        #expect(
            try Keys.Update.parse(["key_1", "--panel", "none", "--source", "none"]).body
                == JSONObject(["panels": nil, "sources": nil]))
        for wrong in [["--privacy-level", "3"], ["--rate", "0"], ["--rate", "60001"], ["--rate", "many"]] {
            #expect(throws: (any Error).self, "\(wrong)") { try Keys.Update.parse(["key_1"] + wrong) }
        }
    }

    @Test func aSecretIsRotatedByWhatIsNamed() throws {
        #expect(try Subscriptions.RotateSecret.parse(["s1"]).body == JSONObject())
        let named = ["s1", "--secret", "whsec_x", "--effective-at", "2030-01-01T00:00:00Z"]
        #expect(
            try Subscriptions.RotateSecret.parse(named).body
                == JSONObject(["secret": "whsec_x", "effectiveAt": "2030-01-01T00:00:00Z"]))
    }

    @Test func theAuditIsAskedForByName() throws {
        let list = try #require(
            try Gatehouse.parseAsRoot(["audit", "list", "--organization", "acme", "--since", "2030-01-01T00:00:00Z"])
                as? AuditCommand.List)
        #expect(list.organization == "acme" && list.until == nil)
        #expect(list.since == .at(Instant(seconds: 1_893_456_000)))
        let verify = try #require(
            try Gatehouse.parseAsRoot(["audit", "verify", "--known", "ab"]) as? AuditCommand.Verify)
        #expect(verify.known == "ab")
    }

    @Test func oneEventIsMadeOfItsFlags() throws {
        let command = try Send.parse([
            "access.granted", "--door", "lobby", "--panel", "7", "--person", "31", "--id", "e1", "--data",
            #"{"person":{"firstName":"Ana"},"access":{"direction":"entry"}}"#,
        ])
        #expect(
            try command.draft().json == [
                "specversion": "1.0", "id": "e1", "source": "/panels/7", "type": "access.granted",
                "data": [
                    "person": ["firstName": "Ana", "id": "31"], "access": ["direction": "entry"], "panel": "7",
                    "door": "lobby",
                ],
            ])
    }

    @Test func twoEventsHaveTwoIds() throws {
        let command = try Send.parse(["door.opened"])
        #expect(try command.draft().id != command.draft().id)
    }

    @Test func aClientNeedsAKeyAndAnAddress() throws {
        let options = try ClientOptions.parse([])
        #expect(throws: CommandError.self) { try options.client(variables: [:]) }
        let client = try options.client(variables: ["GATEHOUSE_KEY": "gk_a_b", "GATEHOUSE_URL": "http://10.0.0.1:9/"])
        #expect(client.url == "http://10.0.0.1:9")
        #expect(try options.client(variables: ["GATEHOUSE_KEY": "gk_a_b"]).url == ClientOptions.standardURL)
        for (arguments, sort) in [
            (["--url", "gatehouse.local", "--key", "k"], CommandError.Sort.usage), (["--key", "a b"], .usage),
            (["--key", ""], .permission),
        ] {
            let failure = try #require(throws: CommandError.self) {
                try ClientOptions.parse(arguments).client(variables: [:])
            }
            #expect(failure.sort == sort)
        }
    }

    @Test func anIdIsNotSmuggledIntoThePath() {
        for id in ["a/../b", "a?b", ""] {
            let error = #expect(throws: GatehouseError.self) { try APIClient.Call.path("/v1/doors", id) }
            #expect(error.map { CommandError($0).sort } == .usage)
        }
    }

    @Test func aDemoThatChecksItselfEndsAndBreaksAReceiver() throws {
        let plan = try Demo.parse(["--check"]).plan
        #expect(plan.duration == .seconds(20))
        #expect(plan.port == 0)
        #expect(plan.outage?.after == .seconds(7))
        #expect(plan.outage?.length == .seconds(5))
        let watched = try Demo.parse([]).plan
        #expect(watched.duration == nil)
        #expect(watched.outage == nil)
        #expect(watched.port == 8080)
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("5s", .seconds(5)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ("30d", .seconds(30 * 86_400)),
    ])
    func aTimeIsReadAndWrittenAlike(text: String, duration: Duration) {
        #expect(TimeSpan(argument: text)?.duration == duration)
        #expect(TimeSpan(duration).description == text)
    }

    @Test(arguments: ["", "5", "s", "5 s", "-5s", "5sec", "1.5s", "٥s", "9999999999999999999s"])
    func textThatIsNoTimeIsRefused(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    private static let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    private static func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let below = command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
        return [command] + below.flatMap(all)
    }

    /// Every wrong way to write an address to listen on, each with what to do.
    @Test(arguments: [
        ("127.0.0.1:80", "write 127.0.0.1, and set the port with --port 80"),
        ("[::1]", "without brackets, such as ::1"),
        ("[::1]:8080", "without brackets, such as ::1"), ("127.0.0.1:80:80", "write one address"),
        ("http://127.0.0.1", "it is a URL"), ("a b", "letters, digits"), ("localhost:http", "write localhost"),
    ])
    func aHostThatIsNoneSaysWhatToDo(text: String, words: String) async {
        #expect(HostText.flaw(in: text)?.contains(words) == true, "\(HostText.flaw(in: text) ?? "nothing")")
        let faults = await Settings.inForce(flags: ["host": text], variables: [:], file: nil).faults
        #expect(faults.map(\.key) == ["--host"] && faults.first?.sentence.contains(words) == true, "\(faults)")
    }

    @Test(arguments: ["127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "gate-1.example.com", "my_host"])
    func aHostThatIsOneIsTaken(text: String) {
        #expect(HostText.flaw(in: text) == nil)
    }

    @Test(arguments: [
        ("9000", "127.0.0.1", 9000, "/readyz"), ("10.1.2.3:8443", "10.1.2.3", 8443, "/readyz"),
        ("[::1]:9000", "::1", 9000, "/readyz"),
        ("https://gatehouse.example.com", "gatehouse.example.com", 443, "/readyz"),
        ("http://a.example/gate/?x=1", "a.example", 80, "/gate/readyz"),
    ])
    func aPlaceToWaitForIsRead(text: String, host: String, port: Int, path: String) throws {
        let place = try Wait.place(of: text)
        #expect(place.host == host && place.port == port && place.path == path)
        #expect((place.scheme == nil) == !text.contains("://"))
    }

    /// A date alone is the whole day, so one day is requested by its date as both ends.
    @Test func aDateAloneIsAWholeDay() throws {
        let now = Instant(seconds: 1_900_000_000)
        let day = "2026-03-11"
        #expect(try Moment.told(day).instant(before: now) == TimeText("2026-03-11T00:00:00Z").time.instant)
        #expect(try Moment.toldEnd(day).instant(before: now) == TimeText("2026-03-12T00:00:00Z").time.instant)
        for text in ["2h", "2026-03-11T08:15:30Z"] { #expect(try Moment.toldEnd(text) == Moment.told(text)) }
        #expect(throws: (any Error).self) { try Moment.toldEnd("yesterday") }
    }

    @Test func theTimeOutIsTakenFromTheFlagThenTheVariable() throws {
        func settings(_ arguments: [String], _ variables: [String: String]) throws -> APIClient.Settings {
            let options = try ClientOptions.parse(arguments + ["--key", "k"])
            return try options.client(variables: variables).settings
        }
        let standard = try settings([], [:])
        #expect(standard.answerTimeout == .seconds(20) && standard.testTimeout > .seconds(60))
        #expect(try settings([], ["GATEHOUSE_GIVE_UP_AFTER": "3s"]).answerTimeout == .seconds(3))
        let given = try settings(["--give-up-after", "2s"], ["GATEHOUSE_GIVE_UP_AFTER": "3s"])
        for bound in [given.answerTimeout, given.connectTimeout, given.testTimeout, given.bulkTimeout] {
            #expect(bound == .seconds(2))
        }
        #expect(throws: CommandError.self) { try settings([], ["GATEHOUSE_GIVE_UP_AFTER": "soon"]) }
        #expect(throws: CommandError.self) { try settings(["--give-up-after", "0s"], [:]) }
    }
}
