import ArgumentParser
import GatehouseClient
import GatehouseCore

/// `gatehouse subscriptions`: who wants what, where, in which dialect.
struct Subscriptions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, make, change, test, pause, resume and delete subscriptions.",
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
            abstract: "List the subscriptions that the key reaches.",
            discussion: """
                gatehouse subscriptions list --organization acme
                """)
        @Option(help: "only those of this organization and all below it") var organization: String?
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
            abstract: "Show one subscription and how its deliveries fare, never its secret.",
            discussion: """
                What lets deliveries in at the receiver (behind the URL's host, the values of headers, user and \
                password) is printed as ••• unless you ask for it; that needs a manager's key, and is noted in the \
                audit.

                gatehouse subscriptions show subscription_1
                gatehouse subscriptions show subscription_1 --reveal
                """)
        @Argument(help: "its id") var id: String
        @Flag(help: "print what lets deliveries in at the receiver") var reveal = false
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
            abstract: "Make a subscription and print its secret this once.",
            discussion: """
                gatehouse subscriptions create "Ops" --organization acme --target https://ops.example.com/events
                """)
        @Argument(help: "what people call it") var name: String
        @Option(help: "the URL that deliveries go to") var target: String
        @Option(help: "the organization whose events it gets, with all below") var organization: String
        @Option(help: "the dialect in which it is spoken to", completion: Completable.dialects)
        var dialect = "standard"
        @Option(help: "its id; left out, one is made") var id: String?
        @OptionGroup var terms: TermOptions
        @OptionGroup var client: ClientOptions

        /// What is posted.
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
            let note = made.secret == nil ? nil : "Keep `secret` now: it is shown this once."
            Listing(client).show(made, note: note)
            Subscriptions.show(made.warnings)
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a subscription; what is not named stays.",
            discussion: """
                gatehouse subscriptions update subscription_1 --kinds 'access.*,door.forced' --timeout 5s
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "what people call it") var name: String?
        @Option(help: "the URL that deliveries go to") var target: String?
        @Flag(help: "sign no more: takes the secret away, where the dialect's contract can do without") var noSecret =
            false
        @OptionGroup var terms: TermOptions
        @OptionGroup var client: ClientOptions

        /// What is sent.
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
            if body.isEmpty { throw ValidationError("name at least one thing to change") }
        }

        func run() async throws {
            let changed = try await client.client().subscriptions.update(id, .object(body))
            let made = changed.json["standardSecret"] != nil
            Listing(client).show(changed, note: made ? "Keep `standardSecret` now: it is shown this once." : nil)
            Subscriptions.show(changed.warnings)
        }
    }

    struct RotateSecret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a subscription another secret, and print it this once.",
            discussion: """
                In the dialect standard the old one signs beside it for 24 hours; in the others the new one takes over \
                with the next attempt, or at --effective-at.

                gatehouse subscriptions rotate-secret subscription_1
                """)
        @Argument(help: "its id") var id: String
        @Option(help: "the new secret; left out, the dialect makes one where it does") var secret: String?
        @Option(help: "when it takes over, as 2030-12-31T22:00:00Z") var effectiveAt: String?
        @OptionGroup var client: ClientOptions

        /// What is posted.
        var body: JSONObject {
            var body = JSONObject()
            body.put("secret", secret)
            body.put("effectiveAt", effectiveAt)
            return body
        }

        func run() async throws {
            let rotated = try await client.client().subscriptions.rotateSecret(id, .object(body))
            Listing(client).show(rotated, note: "Keep `secret` now: it is shown this once.")
            Subscriptions.show(rotated.warnings)
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send the receiver a test now, and show what that met.",
            discussion: """
                What is sent is harmless (a door that closed, a person who was edited), in the dialect's own shape, \
                with TEST for every name and the header gatehouse-test: true. The table says what it was; asked is \
                false where the subscription does not ask for that. It goes out whether or not the subscription is \
                paused, disabled or inactive, by the same rules as its \
                deliveries; nothing of it is kept or tried again. Exits with 0 where the receiver took it (2xx), with \
                1 where it did not.

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

        /// The event and the attempt in one table, without the headers that were sent.
        static func summary(of answer: JSON) -> JSON {
            var object = JSONObject()
            for name in ["event", "kind", "name", "asked"] { object[name] = answer[name] }
            for name in ["time", "milliseconds", "outcome", "status", "sentence", "answer"] {
                object[name] = answer["attempt"]?[name]
            }
            return .object(object)
        }
    }

    /// Prints the warnings to standard error, so that standard output has the answer alone.
    private static func show(_ warnings: [String]) {
        for warning in warnings { Descriptor.errors.write("warning: \(TextTable.printable(warning))\n") }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hold deliveries back; everything stays owed.",
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
            abstract: "Let deliveries go again, whether the gateway or a person held them back.",
            discussion: """
                Where the gateway had disabled it, because its receiver was gone, what died since the receiver last \
                took something is tried again, too.

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
            abstract: "Delete a subscription; what waits for it is cancelled.",
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
