import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse subscriptions`: who wants what, where, in which dialect.
struct Subscriptions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, create, update, test, pause, resume and delete subscriptions.",
        discussion: """
            gatehouse subscriptions create "Ops" --organization acme --target https://ops.example.com/events
            gatehouse subscriptions create "Guards" --organization acme --target https://guards.example.com/in \\
                --kinds 'door.*,panic.raised' --privacy-level 2
            gatehouse subscriptions update subscription_1 --timeout 5s
            gatehouse subscriptions test subscription_1
            gatehouse subscriptions pause subscription_1
            """,
        subcommands: [
            List.self, Show.self, Create.self, Update.self, RotateSecret.self, Test.self, Pause.self, Resume.self,
            Delete.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the subscriptions that the key may access.",
            discussion: """
                gatehouse subscriptions list --organization acme
                """)
        @Option(help: "only this organization and all organizations below it") var organization: String?
        @OptionGroup var list: ListOptions
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await Listing(client).show(
                try client.client().subscriptions.list(organization: organization), limit: list.limit,
                columns: [
                    "id", "name", "organization", "dialect", "url", "active", "hold",
                    Listing.Column("state", "health.state"),
                    Listing.Column("since", "health.since"), Listing.Column("why", "health.lastOutcome.outcome"),
                    Listing.Column("status", "health.lastOutcome.status"), Listing.Column("waiting", "health.waiting"),
                    Listing.Column("dead", "health.dead"), "created",
                ])
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one subscription and its health, without its secret.",
            discussion: """
                The receiver's credentials (the URL's path and query, the values of headers, user and password) are \
                printed as ••• unless you give --reveal. That needs a manager's key and is recorded in the audit.

                gatehouse subscriptions show subscription_1
                gatehouse subscriptions show subscription_1 --reveal
                """)
        @Argument(help: "its id") var id: String
        @Flag(help: "print the credentials that deliveries carry to the receiver") var reveal = false
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let shown = try await client.client().subscriptions.show(id, reveal: reveal)
            Listing(client).show(client.json ? shown.json : Self.flat(shown.json))
        }

        /// The health's members as rows of their own.
        static func flat(_ json: JSON) -> JSON {
            guard var object = json.object, let health = object["health"]?.object else { return json }
            object["health"] = nil
            for member in health.members where member.key != "lastOutcome" {
                object["health.\(member.key)"] = member.value
            }
            object["health.lastOutcome"] = health["lastOutcome"]?["outcome"]
            object["health.lastStatus"] = health["lastOutcome"]?["status"]
            return .object(object)
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a subscription and print its secret. It is not shown again.",
            discussion: """
                gatehouse subscriptions create "Ops" --organization acme --target https://ops.example.com/events
                """)
        @Argument(help: "its name") var name: String
        @Option(help: "the URL that deliveries go to") var target: String
        @Option(help: "the organization whose events it gets, with all organizations below") var organization: String
        @Option(help: "the dialect of its deliveries", completion: Completable.dialects)
        var dialect = "standard"
        @Option(help: "its id (default: the gateway makes one)") var id: String?
        @OptionGroup var terms: TermOptions
        @OptionGroup var client: ClientOptions

        /// The body of the POST request.
        var body: JSONObject {
            var body = JSONObject([
                "name": .string(name), "url": .string(target), "organization": .string(organization),
                "dialect": .string(dialect),
            ])
            body.put("id", id)
            terms.put(into: &body)
            return body
        }

        func run() async throws {
            let made = try await client.client().subscriptions.create(.object(body))
            let note = made.secret == nil ? nil : "Keep `secret` now: it is not shown again."
            Listing(client).show(made, note: note)
            Subscriptions.show(made.warnings)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Update a subscription. Fields that are not named stay as they are.",
            discussion: """
                gatehouse subscriptions update subscription_1 --kinds 'access.*,door.forced' --timeout 5s
                gatehouse subscriptions update subscription_1 --all-kinds --all-doors
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "its name") var name: String?
        @Option(help: "the URL that deliveries go to") var target: String?
        @Flag(help: "stop signing: remove the secret, if the dialect allows it") var noSecret =
            false
        @OptionGroup var terms: TermOptions
        @OptionGroup var client: ClientOptions

        /// The body of the PATCH request.
        var body: JSONObject {
            var body = JSONObject()
            body.put("name", name)
            body.put("url", target)
            terms.put(into: &body)
            if noSecret { body["secret"] = .null }
            return body
        }

        func validate() throws {
            if noSecret, terms.secret != nil { throw ValidationError("--secret and --no-secret exclude each other") }
            if body.isEmpty { throw ValidationError("name at least one field to change") }
        }

        func run() async throws {
            let changed = try await client.client().subscriptions.update(id, .object(body))
            let made = changed.json["standardSecret"] != nil
            Listing(client).show(changed, note: made ? "Keep `standardSecret` now: it is not shown again." : nil)
            Subscriptions.show(changed.warnings)
        }
    }

    struct RotateSecret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a subscription a new secret and print it. It is not shown again.",
            discussion: """
                In the dialect standard, the old secret signs beside the new one for 24 hours. In the others, the \
                new secret takes effect with the next attempt, or at --effective-at.

                gatehouse subscriptions rotate-secret subscription_1
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "the new secret (default: the dialect makes one, if it can)") var secret: String?
        @Option(help: "when the new secret takes effect, for example 2030-12-31T22:00:00Z") var effectiveAt: String?
        @OptionGroup var client: ClientOptions

        /// The body of the POST request.
        var body: JSONObject {
            var body = JSONObject()
            body.put("secret", secret)
            body.put("effectiveAt", effectiveAt)
            return body
        }

        func run() async throws {
            let rotated = try await client.client().subscriptions.rotateSecret(id, .object(body))
            Listing(client).show(rotated, note: "Keep `secret` now: it is not shown again.")
            Subscriptions.show(rotated.warnings)
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test delivery now, and show the receiver's answer.",
            discussion: """
                The test is harmless (a door that closed, a person who was edited). It has the form of the dialect, \
                TEST for every name, and the header gatehouse-test: true. The table shows the event; asked is false \
                if the subscription does not ask for that kind. The test is sent even if the subscription is paused, \
                disabled or inactive, by the same rules as its deliveries; it is not stored and not retried. The \
                exit code is 0 if the receiver accepted it (2xx), otherwise 1.

                gatehouse subscriptions test subscription_1
                gatehouse subscriptions test subscription_1 --json
                """)
        @Argument(help: "its id") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            let trial = try await client.client().subscriptions.test(id)
            Listing(client).show(client.json ? trial.json : Self.summary(of: trial.json))
            guard trial.isAccepted else { throw CommandError(.negative) }
        }

        /// The event and the attempt in one table, without the sent headers.
        static func summary(of answer: JSON) -> JSON {
            var object = JSONObject()
            for name in ["event", "kind", "name", "asked"] { object[name] = answer[name] }
            for name in ["time", "milliseconds", "outcome", "status", "sentence", "answer"] {
                object[name] = answer["attempt"]?[name]
            }
            return .object(object)
        }
    }

    /// Prints the warnings to standard error, so that standard output has only the answer.
    private static func show(_ warnings: [String]) {
        for warning in warnings { Descriptor.errors.write("warning: \(TextTable.printable(warning))\n") }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pause deliveries. Every event stays owed.",
            discussion: """
                gatehouse subscriptions pause subscription_1
                """)
        @Argument(help: "its id") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(try await client.client().subscriptions.pause(id))
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Resume deliveries, whether the gateway or a person paused them.",
            discussion: """
                If the gateway had disabled the subscription because its receiver was gone, the deliveries that died \
                since the receiver's last success are retried, too.

                gatehouse subscriptions resume subscription_1
                """)
        @Argument(help: "its id") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            Listing(client).show(try await client.client().subscriptions.resume(id))
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a subscription. Its waiting deliveries are cancelled.",
            discussion: """
                gatehouse subscriptions delete subscription_1
                """)
        @Argument(help: "its id") var id: String
        @OptionGroup var client: ClientOptions

        func run() async throws {
            try await client.client().subscriptions.delete(id)
            Listing(client).showDeleted(id)
        }
    }
}
