import GatehouseCore
import GatehouseDelivery
import GatehouseGateway
import GatehouseServer
import GatehouseStores

/// Every setting, in one table that reads like a manual. Flags, variables, the YAML file, `gatehouse config` and the
/// example file all come from it. The defaults are those of the modules.
enum SettingTable {
    // swift-format-ignore
    static let all: [Setting] = [
        row("store",               .text(\.gateway.store),
            "where everything is stored: sqlite:PATH, or sqlite::memory: for a store that is lost at the end",
            "a file needs no other server; its folder must exist"),
        row("host",                .host(\.gateway.server.host),
            "the address to listen on",
            "no caller outside this machine has access: set 0.0.0.0 with tls, or put a proxy with TLS in front"),
        row("port",                .integer(\.gateway.server.port, 0...65_535),
            "the port to listen on; 0 takes any free port",
            "above 1024, so that no special rights are needed"),
        row("publicUrl",           .url(\.gateway.server.publicURL),
            "the address that callers use for the gateway, such as https://gatehouse.example",
            "without it, tokens, secret URLs and links contain the bound address: set it behind a proxy, or for 0.0.0.0"),
        row("trustedProxies",      .ranges(\.gateway.trustedProxies),
            "address ranges of the proxies whose X-Forwarded-For is trusted, such as 10.0.0.0/8",
            "none, because any client can write that field: without it, the client is the connection's peer"),
        row("adminKey",            .secret(\.gateway.adminKey, shortest: 24),
            "a key above all trees of organizations, at least 24 characters",
            "without it, and without any stored key, the first start creates one and shows it: on the terminal, or in a file beside the store"),
        row("allowTargets",        .ranges(\.gateway.allowedTargets),
            "ranges of private addresses that deliveries may go to, such as 10.0.0.0/8",
            "none, so that a caller who may create a subscription cannot access the network behind the gateway"),
        row("egressProxy",         .proxy(\.gateway.egressProxy),
            "the HTTP proxy for all deliveries: http://host:port, http://user:password@host:port",
            "none; the gateway still resolves and checks receivers' names, and gives the proxy the address"),
        row("operatorUrl",         .target(\.gateway.operatorURL),
            "the operator's URL: the gateway reports there, in the Standard dialect, which subscriptions fail, recover, are disabled or lose deliveries",
            "none; retries and allowTargets apply as for any delivery"),
        row("operatorSecret",      .signingSecret(\.gateway.operatorSecret),
            "the secret that signs the operator's deliveries: whsec_ and the base64 of 24 to 64 bytes",
            "without it they are not signed: set it, so that no other sender can raise a false alarm"),
        row("drain",               .duration(\.gateway.drain, .zero ... .seconds(600)),
            "how long a shutdown waits for running work",
            "as long as the longest attempt may take; unfinished attempts are cut, and the next start repeats them"),

        row("tls.certificate",     .file(\.certificate),
            "a PEM file with the gateway's TLS certificate and its chain",
            "none: then the gateway serves plain HTTP; read at the start, so restart the gateway after a renewal"),
        row("tls.key",             .file(\.certificateKey),
            "the PEM file with that certificate's private key, without a passphrase",
            "none; only the gateway's user should be able to read it"),

        row("log.level",           .level(\.logLevel),
            "the lowest level of log lines that are written: trace, debug, info, notice, warning, error, critical",
            "info writes one line for each attempt that fails, debug also one for each request and for each accepted attempt"),
        row("log.format",          .format(\.logFormat),
            "text for people, json for programs",
            "both are written to standard error"),

        row("bounds.eventBytes",   .integer(\.gateway.server.eventBytes, 1024...16_777_216),
            "the largest event, in bytes",
            "many times the largest event of the five systems"),
        row("bounds.batchEvents",  .integer(\.gateway.server.batchEvents, 1...100_000),
            "how many events one request may contain",
            "a batch is one commit, and other events wait while it is written"),
        row("bounds.batchBytes",   .integer(\.gateway.server.batchBytes, 1024...268_435_456),
            "the largest body of a request with events, in bytes",
            "a request is read whole before it is checked, so this times the number of connections is memory"),
        row("bounds.objectBytes",  .integer(\.gateway.server.objectBytes, 1024...16_777_216),
            "the largest body of any other request, in bytes",
            "enough for a subscription with a thousand doors"),
        row("bounds.depth",        .integer(\.gateway.server.depth, 4...JSONParser.deepest),
            "how deep JSON may be nested",
            "deeper than any contract needs"),
        row("bounds.targetBytes",  .integer(\.gateway.server.targetBytes, 256...65_536),
            "the longest path and query of a request, in bytes",
            "the limit of most servers"),
        row("bounds.headerFields", .integer(\.gateway.server.headerFields, 8...1000),
            "how many header fields a request may have",
            "proxies add some, but never fifty"),
        row("bounds.headerBytes",  .integer(\.gateway.server.headerBytes, 1024...65_536),
            "the total size of the names and values of a request's header fields, in bytes",
            "the limit of most servers"),
        row("bounds.idleTimeout",  .duration(\.gateway.server.idleTimeout, .seconds(1) ... .seconds(3600)),
            "how long a connection may be silent, or leave answers unread, before it is closed",
            "longer than the 60 s after which most proxies close theirs"),
        row("bounds.backlog",      .integer(\.gateway.server.backlog, 1...65_535),
            "how many connections may wait to be accepted",
            "the system may have a lower limit"),
        row("bounds.connections",  .optionalInteger(\.gateway.connections, 1...1_000_000),
            "how many connections callers may hold open at once (default: half of the descriptor limit)",
            "beyond it the oldest waiting connection without a proven key is closed; if there is none, new ones get 503, except probes"),
        row("bounds.connectionsPerAddress", .integer(\.gateway.server.connectionsPerAddress, 1...1_000_000),
            "how many of them one address may hold, except a trusted proxy; an IPv6 address counts by its first 64 bits",
            "no caller takes all of them, and more than one site needs; beyond it the oldest of that address is closed, as above"),
        row("bounds.deliveryDescriptors", .optionalInteger(\.gateway.deliveryDescriptors, 1...1_000_000),
            "how many file descriptors are reserved for deliveries (default: a quarter of the descriptor limit)",
            "open connections of callers never block a delivery"),
        row("bounds.descriptors",  .integer(\.gateway.descriptors, 64...1_048_576),
            "how many file descriptors the process requests from the system at its start",
            "the system may allow fewer (ulimit -Hn); the log says how many, and how they are divided"),
        row("bounds.headTimeout",  .duration(\.gateway.server.headTimeout, .milliseconds(10) ... .seconds(3600)),
            "how long the head of a connection's first request may take",
            "a caller connects to send a request; beyond it 408"),
        row("bounds.bodyBytes",    .integer(\.gateway.server.bodyBytes, 65_536...1_099_511_627_776),
            "how many bytes of request bodies may be in memory at once",
            "it bounds memory; beyond it 503. A body that arrives complete with its head is accepted all the same"),
        row("bounds.bodyBytesPerKey", .integer(\.gateway.server.bodyBytesPerKey, 65_536...1_099_511_627_776),
            "how many of these bytes one key may use",
            "four of the largest batches; beyond it 429. No caller takes all the memory"),
        row("bounds.bodyBytesPerAddress", .integer(\.gateway.server.bodyBytesPerAddress, 65_536...1_099_511_627_776),
            "how many of these bytes one address may use without a key",
            "only logins send bodies without a key, and small ones; beyond it 429"),
        row("bounds.bodyRate",     .integer(\.gateway.server.bodyRate, 1...1_000_000_000),
            "how many bytes of a body must arrive per second, in each bounds.bodyStretch",
            "even a bad line is faster; below it 408"),
        row("bounds.bodyStretch",  .duration(\.gateway.server.bodyStretch, .milliseconds(10) ... .seconds(3600)),
            "how long a body may be slower than bounds.bodyRate",
            "lines can be silent for some seconds"),
        row("bounds.bodyTime",     .duration(\.gateway.server.bodyTime, .milliseconds(10) ... .seconds(86_400)),
            "how long a body may take, plus one second for each bounds.bodyRate bytes of its announced length",
            "a body in chunks gets the time of one with bounds.batchBytes"),

        row("bounds.waitingPolls", .integer(\.gateway.server.waitingPolls, 0...100_000),
            "how many requests may wait for events at once",
            "each holds a connection; beyond it they get 503 and can retry"),
        row("bounds.eventStreams", .integer(\.gateway.server.eventStreams, 0...100_000),
            "how many streams of events may be open at once",
            "each holds a connection and a page of events; beyond it they get 503 and can retry"),
        row("bounds.pollsPerKey",  .integer(\.gateway.server.waitingPollsPerKey, 1...100_000),
            "how many requests may wait for events with one key",
            "no caller takes the places of the others; beyond it 429"),
        row("bounds.streamsPerKey", .integer(\.gateway.server.eventStreamsPerKey, 1...100_000),
            "how many streams of events may be open with one key",
            "no caller takes the places of the others; beyond it 429"),
        row("bounds.organizationShare", .integer(\.gateway.server.organizationShare, 1...100),
            "how many of bounds.waitingPolls and bounds.eventStreams one organization's keys may have, in percent",
            "no organization takes the places of the others; a key above all trees counts as an organization of its own"),
        row("bounds.refusedLogInterval", .duration(\.gateway.server.refusedLogInterval, .zero ... .seconds(3600)),
            "how long the log leaves out further lines about refused events after one such line",
            "a panel that repeats an event does not flood the log; gatehouse_events_refused_total counts each refusal"),
        row("bounds.metricSubscriptions", .integer(\.gateway.server.metricSubscriptions, 0...100_000),
            "how many subscriptions have series of their own in /metrics, the worst first",
            "each has nine series; gatehouse_subscription_series_left_out counts the others"),
        row("bounds.lookUpsPerOrganization", .integer(\.gateway.lookUps.perOrganization, 1...32),
            "how many names of one organization are looked up at once, of 32 in all",
            "a quarter, so that slow names of one organization do not delay others; further look-ups wait, or are refused"),

        row("guesses.firstWait",   .duration(\.gateway.server.guesses.firstWait, .zero ... .seconds(60)),
            "how long the second wrong credential from an address waits for its answer, each further one twice as long",
            "0s delays nothing; a correct credential is answered at once, even from the same address"),
        row("guesses.longestWait", .duration(\.gateway.server.guesses.longestWait, .zero ... .seconds(60)),
            "the longest delay of the answer to a wrong credential",
            "shorter than the time-out of a client with a wrong password"),
        row("guesses.memory",      .duration(\.gateway.server.guesses.memory, .seconds(1) ... .seconds(86_400)),
            "how long after its last wrong credential an address is forgotten",
            "a person who mistyped a minute ago still waits, after an hour no longer"),
        row("guesses.waitingPerAddress", .integer(\.gateway.server.guesses.waitingPerAddress, 1...10_000),
            "how many answers to wrong credentials may wait for one address; further ones get 429 at once",
            "many clients may share one address; an IPv6 address counts by its first 64 bits"),
        row("guesses.waiting",     .integer(\.gateway.server.guesses.waiting, 1...100_000),
            "how many answers to wrong credentials may wait in all; further ones get 429 at once",
            "each holds a connection"),
        row("guesses.addresses",   .integer(\.gateway.server.guesses.addresses, 1...1_000_000),
            "how many addresses with wrong credentials are remembered",
            "a hundred bytes each; beyond it the addresses that were quiet for longest are forgotten"),
        row("guesses.logLines",    .integer(\.gateway.server.guesses.logLines, 0...10_000),
            "how many wrong credentials per minute have a log line each",
            "guesses do not flood the log: the rest of a minute is one line with a number"),
        row("guesses.auditLines",  .integer(\.gateway.server.guesses.auditLines, 0...10_000),
            "how many audit lines the wrong credentials of a minute may have, one for each address and requested key",
            "each is a row in the store; the rest of a minute is one line for each interface"),

        row("keep.events",         .duration(\.gateway.retention.events, hour ... century),
            "how long events and their deliveries are kept, and repeated events are recognized",
            "questions about a month can be answered; an event is kept longer while a delivery of it is waiting, held or dead"),
        row("keep.attempts",       .duration(\.gateway.retention.attempts, hour ... century),
            "how long records of attempts are kept; the delivery keeps their number",
            "they take most of the space, and are read within days"),
        row("keep.deadDeliveries", .duration(\.gateway.retention.deadDeliveries, hour ... century),
            "how long dead deliveries are kept, and their events with them",
            "time to notice, to repair the receiver and to retry; in effect never shorter than keep.events"),
        row("keep.audit",          .duration(\.gateway.retention.audit, hour ... century),
            "how long the audit is kept",
            "enough for yearly reviews"),
        row("keep.commands",       .duration(\.gateway.retention.commands, hour ... century),
            "how long commands to doors are kept, and their Idempotency-Keys are recognized",
            "no caller repeats a command to a door after that; its event is kept as events are"),
        row("keep.diskWarning",    .integer(\.gateway.retention.diskWarning, 1...100),
            "how full the store's disk may be before the gateway warns, in percent",
            "the warning is in the log, in /readyz and, as gatehouse_disk_used_ratio, in /metrics"),

        row("storage.commitEvents", .integer(\.gateway.storage.commitEvents, 1...100_000),
            "how many events one commit may hold",
            "more is not faster, and makes the first of them wait longer"),
        row("storage.queuedEvents", .integer(\.gateway.storage.queuedEvents, 1...10_000_000),
            "how many events may wait to be written before normal ones are refused with 503",
            "less than a second of work; for urgent events the limit is twice as high"),
        row("storage.linger",      .duration(\.gateway.storage.linger, .zero ... .seconds(1)),
            "how long a commit waits for more events while the store is busy",
            "an idle store never waits"),
    ]

    private static let hour = Duration.seconds(3600)
    private static let century = Duration.seconds(36_525 * 86_400)

    /// The setting of that key.
    static func setting(_ key: String) -> Setting? { all.first { $0.key == key } }

    /// The help of a flag.
    static func help(_ key: String) -> String {
        guard let setting = setting(key) else { return "" }
        let standard = setting.value(in: Settings()).flatMap { $0.isEmpty ? nil : " (default: \($0))" } ?? ""
        return setting.meaning + standard
    }

    /// `gatehouse.example.yaml`: every key with its default, its meaning and its reason.
    static var exampleFile: String {
        var text = """
            # Every setting of Gatehouse with its default. Start with `gatehouse serve --config FILE`.
            # A flag (--bounds-event-bytes) overrides a variable (GATEHOUSE_BOUNDS_EVENT_BYTES), a variable
            # overrides this file, this file overrides the default. `gatehouse config` shows all values and sources.

            """
        var section: String?
        for setting in all {
            let components = setting.components
            let indent = components.count > 1 ? "  " : ""
            if components.count > 1, section != components[0] {
                section = components[0]
                text += "\n\(isSet(components[0]) ? "" : "# ")\(components[0]):\n"
            } else if components.count == 1 {
                text += "\n"
            }
            text += "\(indent)# \(setting.meaning)\n\(indent)# why: \(setting.reason)\n"
            text += "\(indent)\(line(setting, components[components.count - 1]))\n"
        }
        return text
    }

    /// Whether any setting of a section has a default: YAML reads a section without values as no section.
    private static func isSet(_ section: String) -> Bool {
        all.contains { $0.components[0] == section && $0.value(in: Settings()) != nil }
    }

    private static func line(_ setting: Setting, _ name: String) -> String {
        guard let standard = setting.value(in: Settings()) else { return "# \(name): …" }
        return setting.isList ? "\(name): [\(standard)]" : "\(name): \(standard)"
    }

    private static func row(_ key: String, _ sort: Setting.Sort, _ meaning: String, _ reason: String) -> Setting {
        Setting(key: key, sort: sort, meaning: meaning, reason: reason)
    }
}
