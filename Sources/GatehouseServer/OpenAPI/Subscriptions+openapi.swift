internal import GatehouseCore
internal import HTTPTypes

extension Subscriptions {
    /// The document's part about subscriptions.
    static func subject(of gateway: DescribedGateway) -> Subject {
        let schemas = SubscriptionSchemas(dialects: gateway.dialects)
        return Subject(
            "Subscriptions",
            "Who wants what, where, in which dialect. What a vendor's own API made is seen here too, and the other way "
                + "round. Inactive or expired: nothing is owed. Paused or disabled: everything stays owed and is held.",
            schemas: schemas.all, operations: operations)
    }

    // swift-format-ignore
    private static let operations: [Operation] = [
        .post  ("/v1/subscriptions",                "addSubscription",    "Makes a subscription, and shows its secret this once").takes("SubscriptionDraft", sent).makes("SubscriptionWithSecret", made).fails(.unknownOrganization, .unknownPanel, .unknownDoor, .unknownKind, .forbiddenTarget, .notBuilt, .conflict),
        .get   ("/v1/subscriptions",                "listSubscriptions",  "Lists the subscriptions that the key reaches").answers("SubscriptionPage", healthy.page),
        .get   ("/v1/subscriptions/{subscription}", "showSubscription",   "Shows a subscription and how its deliveries fare, never its secret").saying("What lets deliveries in at the receiver (what stands behind the host in its URL, the values of header fields, user, password and token) is shown as •••, unless a manager asks for it by `reveal=true`. The dots are never taken for a value.").answers("Subscription", healthy),
        .patch ("/v1/subscriptions/{subscription}", "changeSubscription", "Changes a subscription").takes("SubscriptionChange", changed).answers("Subscription", shown.with(changed)).fails(.unknownPanel, .unknownDoor, .unknownKind, .forbiddenTarget, .notBuilt, .conflict),
        .delete("/v1/subscriptions/{subscription}", "removeSubscription", "Deletes a subscription").saying("What waits is cancelled; its history stays."),
        .post  ("/v1/subscriptions/{subscription}/pause",  "pauseSubscription",  "Holds deliveries back").saying("Everything stays owed. One that is disabled is refused (409): its deliveries are held already; resume it or give it another URL, and pause it then.").answers("Subscription", shown.with(["hold": "paused"])).fails(.conflict),
        .post  ("/v1/subscriptions/{subscription}/resume", "resumeSubscription", "Lets deliveries go again, whether the gateway or a caller held them back").answers("Subscription", shown).fails(.conflict),
        .post  ("/v1/subscriptions/{subscription}/test",   "testSubscription",   "Sends the receiver one test now").saying("What is sent is harmless, in the dialect's own shape, with the header `gatehouse-test: true`; also where the subscription asks for none of that, and then `asked` is false. Nothing of it is kept. A receiver that fails is no failure of the call: `attempt` tells what it met.").answers("Trial", trial).fails(.storeAway),
        .post  ("/v1/subscriptions/{subscription}/rotate-secret", "rotateSecret", "Gives another secret, and shows it this once").saying("In the standard dialect the old one signs beside it for a day; in the others the new one takes over at `effectiveAt`.").takes("SecretRotation", [:]).answers("SubscriptionWithSecret", rotated).fails(.conflict),
        .post  ("/v1/subscriptions/{subscription}/replay",  "replaySubscription", "Has old events delivered once more").saying("Every event of those hours that the subscription wants as it stands now is owed to it again, marked by `gatehouse-replay`; an event is not while a delivery of it still waits. The gateway carries it in portions, through restarts. With `dryRun` nothing is begun: the answer counts what would be owed.").takes("ReplayOrder", ordered).answers(begun).answers("ReplayCount", counted).fails(.unknownKind, .conflict),
        .get   ("/v1/subscriptions/{subscription}/replays", "listReplays",        "Lists a subscription's replays, newest first").answers("ReplayPage", replay.page).fails(.storeAway, .storeDamaged),
        .get   ("/v1/subscriptions/{subscription}/replays/{replay}", "showReplay", "Shows how far a replay has come").answers("Replay", replay).fails(.storeAway, .storeDamaged),
        .post  ("/v1/subscriptions/{subscription}/replays/{replay}/cancel", "cancelReplay", "Breaks a replay off").saying("What it has brought to life stays owed. One that is at its end stays as it is.").answers("Replay", replay),
    ]

    private static let ordered = JSON(
        sample: #"{"since":"2026-03-11T00:00:00Z","until":"2036-03-12T00:00:00Z","kinds":["*"]}"#)
    private static let replay = JSON(
        sample: """
            {"id":"1","subscription":"subscription_7a1b2c3d4e5f6071","since":"2026-03-11T00:00:00.000Z",
             "until":"2036-03-12T00:00:00.000Z","kinds":["*"],"state":"running","owed":1200,"progress":0.4,
             "created":"2026-03-12T08:00:00.000Z"}
            """)
    private static let counted = JSON(
        sample: """
            {"subscription":"subscription_7a1b2c3d4e5f6071","since":"2026-03-11T00:00:00.000Z","until":null,
             "kinds":null,"dryRun":true,"owed":3000,"complete":true}
            """)
    private static let begun: Operation.Answer = {
        var answer = Operation.Answer(
            .accepted, "Begun; `Location` tells how far it is.",
            [Operation.Media("application/json", .ref("Replay"), [("", replay)])])
        answer.headers = ["Location"]
        return answer
    }()

    private static let shown: JSON = {
        let (dialect, time) = (DialectName("standard"), EventTime(stored: "2026-03-11T08:00:00.000Z"))
        guard let made = time?.instant, let url = TargetURL("https://receiver.example.com/gatehouse") else {
            return .null
        }
        let defaults = DialectDefaults(
            privacyLevel: .noCredentials, timeout: .seconds(10), retries: .standard, makesSecret: true)
        var terms = Terms(name: "my first", dialect: dialect, url: url, defaults: defaults)
        terms.kinds = ["access.*", "door.forced"]
        let identity = Subscription.Identity(
            id: SubscriptionID("subscription_7a1b2c3d4e5f6071"), organization: OrganizationID("acme"), created: made,
            maker: "key_4f1d2c3b4a596877")
        let subscription = Subscription(identity, terms: terms, hold: .none, revision: 1, sayable: KindSet([Kind]()))
        return .object(subscription.json(.masked))
    }()
    private static let healthy = shown.with([
        "health": [
            "state": "failing", "since": "2026-03-11T07:30:00.000Z", "resting": true,
            "nextTry": "2026-03-11T08:30:00.000Z",
            "consecutiveFailures": 6, "lastDelivered": "2026-03-11T07:29:12.000Z",
            "lastOutcome": ["outcome": "rejected", "status": 503], "waiting": 40, "dead": 0,
            "oldest": "2026-03-11T07:29:58.000Z", "dropped": 0, "cancelled": 0,
        ]
    ])
    private static let sent = JSON(
        sample: """
            {"name":"my first","dialect":"standard","organization":"acme",
             "url":"https://receiver.example.com/gatehouse",
             "kinds":["access.*","door.forced"],"timeout":5000,"retries":[5,30,120]}
            """)
    private static let made = shown.with(["secret": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="])
    private static let rotated = made.with(["outgoingSecretUntil": "2026-03-12T08:00:00.000Z"])
    private static let changed = JSON(sample: #"{"kinds":["door.*"],"concurrency":4}"#)
    private static let trial = JSON(
        sample: """
            {"event":"019cdc2f-1c2d-7abc-8def-0123456789ab","kind":"gateway.test","name":"gateway.test","asked":true,
             "attempt":{"number":1,"time":"2026-03-11T08:15:31.000Z","milliseconds":12.5,"outcome":"accepted",
                        "sentence":"the receiver answered 204","status":204,
                        "headers":{"content-type":"application/cloudevents+json"},"answer":""}}
            """)
}
