import GatehouseCore
import GatehouseDelivery
import GatehouseGateway
import GatehouseServer
import GatehouseStores

/// Every setting there is, in one table that reads like a manual. Flags, variables, the YAML file, `gatehouse config`
/// and the example file all come from it; the defaults are those of the rooms themselves.
enum SettingTable {
    // swift-format-ignore
    static let all: [Setting] = [
        row("store",               .text(\.gateway.store),
            "where everything is remembered: sqlite:PATH, or sqlite::memory: for a store that is forgotten",
            "a file beside the gateway needs no other server; the folder must exist"),
        row("host",                .host(\.gateway.server.host),
            "the address to listen on",
            "no caller outside this machine gets in: set 0.0.0.0 with tls, or let a proxy that speaks TLS stand before it"),
        row("port",                .integer(\.gateway.server.port, 0...65_535),
            "the port to listen on; 0 takes any that is free",
            "above 1024, so that no rights are needed"),
        row("publicUrl",           .url(\.gateway.server.publicURL),
            "the address by which callers know the gateway, such as https://gatehouse.example",
            "without it, the address that is bound stands in tokens, secret URLs and links: set it behind a proxy, or for 0.0.0.0"),
        row("trustedProxies",      .ranges(\.gateway.trustedProxies),
            "ranges of the proxies whose X-Forwarded-For counts, such as 10.0.0.0/8",
            "none, because anybody can write that field: without it, the connection's peer is the client"),
        row("adminKey",            .secret(\.gateway.adminKey, shortest: 24),
            "a key that stands above all trees, at least 24 characters",
            "without it, and without any stored key, the first start makes one: for the terminal, or a file beside the store"),
        row("allowTargets",        .ranges(\.gateway.allowedTargets),
            "ranges of private addresses that deliveries may go to, such as 10.0.0.0/8",
            "none, so that a caller who may make a subscription cannot reach into the network behind the gateway"),
        row("egressProxy",         .proxy(\.gateway.egressProxy),
            "the HTTP proxy by which all deliveries leave: http://host:port, http://user:password@host:port",
            "none; receivers' names are still resolved and checked here, and the proxy is asked for the address"),
        row("operatorUrl",         .target(\.gateway.operatorURL),
            "the operator's URL: the gateway reports to it which subscriptions fail, recover, are disabled or lose deliveries, in the Standard dialect",
            "none; it is tried again and held to allowTargets as any delivery is"),
        row("operatorSecret",      .signingSecret(\.gateway.operatorSecret),
            "what the operator's deliveries are signed with: whsec_ and the base64 of 24 to 64 bytes",
            "without it they are not signed: set it, so that no other sender can raise a false alarm"),
        row("drain",               .duration(\.gateway.drain, .zero ... .seconds(600)),
            "how long a shutdown waits for what is under way",
            "as long as the longest attempt may take; what is not done then is cut, and the next start attempts it again"),

        row("tls.certificate",     .file(\.certificate),
            "a PEM file with the certificate that the gateway speaks TLS with, and those that vouch for it",
            "none, and then it speaks plain HTTP; read at the start, so start it again when the certificate is renewed"),
        row("tls.key",             .file(\.certificateKey),
            "the PEM file with that certificate's private key, without a passphrase",
            "none; only the gateway's user should be able to read it"),

        row("log.level",           .level(\.logLevel),
            "the least important lines that are written: trace, debug, info, notice, warning, error, critical",
            "info writes one line an attempt, debug one a request too"),
        row("log.format",          .format(\.logFormat),
            "text for people, json for programs",
            "both go to standard error"),

        row("bounds.eventBytes",   .integer(\.gateway.server.eventBytes, 1024...16_777_216),
            "the largest event, in bytes",
            "many times the largest event of the five systems"),
        row("bounds.batchEvents",  .integer(\.gateway.server.batchEvents, 1...100_000),
            "how many events one request may bring",
            "a batch is one commit, and holds up others while it is written"),
        row("bounds.batchBytes",   .integer(\.gateway.server.batchBytes, 1024...268_435_456),
            "the largest body of a request with events, in bytes",
            "a request is read whole before it is judged, so this times the connections is memory"),
        row("bounds.objectBytes",  .integer(\.gateway.server.objectBytes, 1024...16_777_216),
            "the largest body of any other request, in bytes",
            "room for a subscription with a thousand doors"),
        row("bounds.depth",        .integer(\.gateway.server.depth, 4...JSONParser.deepest),
            "how deep JSON may nest",
            "deeper than any contract goes"),
        row("bounds.targetBytes",  .integer(\.gateway.server.targetBytes, 256...65_536),
            "the longest path and query of a request, in bytes",
            "as most servers have it"),
        row("bounds.headerFields", .integer(\.gateway.server.headerFields, 8...1000),
            "how many header fields a request may have",
            "proxies add some, none adds fifty"),
        row("bounds.headerBytes",  .integer(\.gateway.server.headerBytes, 1024...65_536),
            "the names and values of a request's header fields together, in bytes",
            "as most servers have it"),
        row("bounds.idleTimeout",  .duration(\.gateway.server.idleTimeout, .seconds(1) ... .seconds(3600)),
            "how long a connection may say nothing, or leave its answers standing, before it is closed",
            "longer than the 60 s after which most proxies drop theirs"),
        row("bounds.backlog",      .integer(\.gateway.server.backlog, 1...65_535),
            "how many connections may wait to be accepted",
            "the system may cap it lower"),
        row("bounds.connections",  .optionalInteger(\.gateway.connections, 1...1_000_000),
            "how many connections callers may hold open at once (default: half of the descriptor limit)",
            "beyond it the oldest goes that waits without having proved a key; where there is none, new ones get 503, but for probes"),
        row("bounds.connectionsPerAddress", .integer(\.gateway.server.connectionsPerAddress, 1...1_000_000),
            "how many of them one address may hold that is no trusted proxy's; an IPv6 address counts by its first 64 bits",
            "no caller takes all of them, and more than any one site needs; beyond it the oldest of that address goes, as above"),
        row("bounds.deliveryDescriptors", .optionalInteger(\.gateway.deliveryDescriptors, 1...1_000_000),
            "how many descriptors are kept for deliveries (default: a quarter of the descriptor limit)",
            "what callers hold open never keeps a delivery from leaving"),
        row("bounds.descriptors",  .integer(\.gateway.descriptors, 64...1_048_576),
            "how many descriptors the process asks the system for at its start",
            "the system may give fewer (ulimit -Hn); the log says how many, and how they are shared"),
        row("bounds.headTimeout",  .duration(\.gateway.server.headTimeout, .milliseconds(10) ... .seconds(3600)),
            "how long the head of a connection's first request may take",
            "who connects has something to ask; 408 then"),
        row("bounds.bodyBytes",    .integer(\.gateway.server.bodyBytes, 65_536...1_099_511_627_776),
            "how many bytes of bodies may be under way at once",
            "it is memory; beyond it 503. A body that comes whole with its head is taken all the same"),
        row("bounds.bodyBytesPerKey", .integer(\.gateway.server.bodyBytesPerKey, 65_536...1_099_511_627_776),
            "how many of them with one key",
            "four of the largest batches; beyond it 429. No caller takes all of it"),
        row("bounds.bodyBytesPerAddress", .integer(\.gateway.server.bodyBytesPerAddress, 65_536...1_099_511_627_776),
            "how many of them from one address, without a key",
            "only logins have bodies without a key, and small ones; beyond it 429"),
        row("bounds.bodyRate",     .integer(\.gateway.server.bodyRate, 1...1_000_000_000),
            "how many bytes of a body must come a second, in each bounds.bodyStretch",
            "a bad line gives more; beyond it 408"),
        row("bounds.bodyStretch",  .duration(\.gateway.server.bodyStretch, .milliseconds(10) ... .seconds(3600)),
            "how long a body may come more slowly than bounds.bodyRate",
            "lines fall silent for some seconds"),
        row("bounds.bodyTime",     .duration(\.gateway.server.bodyTime, .milliseconds(10) ... .seconds(86_400)),
            "how long a body may take, beside one second for each bounds.bodyRate bytes that it announces",
            "a body in chunks has as long as one of bounds.batchBytes"),

        row("bounds.waitingPolls", .integer(\.gateway.server.waitingPolls, 0...100_000),
            "how many requests may wait for events at once",
            "each holds a connection; beyond it they get 503 and come again"),
        row("bounds.eventStreams", .integer(\.gateway.server.eventStreams, 0...100_000),
            "how many streams of events may be open at once",
            "each holds a connection and a page of events; beyond it they get 503 and come again"),
        row("bounds.pollsPerKey",  .integer(\.gateway.server.waitingPollsPerKey, 1...100_000),
            "how many requests may wait for events with one key",
            "no caller takes the places of the others; beyond it 429"),
        row("bounds.streamsPerKey", .integer(\.gateway.server.eventStreamsPerKey, 1...100_000),
            "how many streams of events may be open with one key",
            "no caller takes the places of the others; beyond it 429"),
        row("bounds.organizationShare", .integer(\.gateway.server.organizationShare, 1...100),
            "how many of bounds.waitingPolls and bounds.eventStreams one organization's keys may have, in percent",
            "no organization takes the places of the others; a key above all trees counts as one of its own"),
        row("bounds.refusedLogInterval", .duration(\.gateway.server.refusedLogInterval, .zero ... .seconds(3600)),
            "how long after a line about a refused event the next ones are left out of the log",
            "a panel that repeats itself does not flood it; gatehouse_events_refused_total counts each"),
        row("bounds.metricSubscriptions", .integer(\.gateway.server.metricSubscriptions, 0...100_000),
            "of how many subscriptions /metrics tells each by itself, the worst first",
            "each is nine series; gatehouse_subscription_series_left_out counts the others"),
        row("bounds.lookUpsPerOrganization", .integer(\.gateway.lookUps.perOrganization, 1...32),
            "how many names of one organization are looked up at once, of 32 in all",
            "a quarter, so that names that hang keep no other organization waiting; more of them wait, or are turned away"),

        row("guesses.firstWait",   .duration(\.gateway.server.guesses.firstWait, .zero ... .seconds(60)),
            "how long the second wrong credential from an address waits for its answer, each further one twice as long",
            "0s holds nothing back; what is right is answered at once, whatever else came from its address"),
        row("guesses.longestWait", .duration(\.gateway.server.guesses.longestWait, .zero ... .seconds(60)),
            "the longest that the answer to a wrong credential waits",
            "shorter than the time-out of a client that has its password wrong"),
        row("guesses.memory",      .duration(\.gateway.server.guesses.memory, .seconds(1) ... .seconds(86_400)),
            "how long after its last wrong credential an address begins anew",
            "who mistyped a minute ago still waits, who did an hour ago does not"),
        row("guesses.waitingPerAddress", .integer(\.gateway.server.guesses.waitingPerAddress, 1...10_000),
            "how many answers to wrong credentials may wait for one address; beyond them it is 429 at once",
            "many may sit behind one address; an IPv6 address counts by its first 64 bits"),
        row("guesses.waiting",     .integer(\.gateway.server.guesses.waiting, 1...100_000),
            "how many answers to wrong credentials may wait in all; beyond them it is 429 at once",
            "each holds a connection"),
        row("guesses.addresses",   .integer(\.gateway.server.guesses.addresses, 1...1_000_000),
            "how many addresses are remembered from which wrong credentials came",
            "a hundred bytes each; beyond it those that were quiet for longest begin anew"),
        row("guesses.logLines",    .integer(\.gateway.server.guesses.logLines, 0...10_000),
            "how many wrong credentials the log tells of one by one in a minute",
            "guesses do not flood it: the rest of a minute is told as a number"),
        row("guesses.auditLines",  .integer(\.gateway.server.guesses.auditLines, 0...10_000),
            "how many lines a minute's wrong credentials may have in the audit, one for each address and key asked for",
            "each is a row of the store; the rest of a minute is one line for each interface"),

        row("keep.events",         .duration(\.gateway.retention.events, hour ... century),
            "how long events and their deliveries are kept, and repetitions of them are known",
            "a month's questions can be answered; one outlives it while a delivery of it is waiting, held or dead"),
        row("keep.attempts",       .duration(\.gateway.retention.attempts, hour ... century),
            "how long records of attempts are kept; how many there were stays with the delivery",
            "they are what takes most room, and are asked for within days"),
        row("keep.deadDeliveries", .duration(\.gateway.retention.deadDeliveries, hour ... century),
            "how long dead deliveries are kept, and their events with them",
            "time to find out, to repair the receiver and to try again; no shorter than keep.events in effect"),
        row("keep.audit",          .duration(\.gateway.retention.audit, hour ... century),
            "how long the audit is kept",
            "a year's rounds of revision"),
        row("keep.commands",       .duration(\.gateway.retention.commands, hour ... century),
            "how long commands to doors are kept, and their Idempotency-Keys are known",
            "no caller repeats a wish for an open door after that; the event that tells of it stays as events do"),
        row("keep.diskWarning",    .integer(\.gateway.retention.diskWarning, 1...100),
            "how full the disk of the store may be before it is warned of, in percent",
            "in the log, in /readyz and, as gatehouse_disk_used_ratio, in /metrics"),

        row("storage.commitEvents", .integer(\.gateway.storage.commitEvents, 1...100_000),
            "how many events one commit may hold",
            "more does not get faster, and makes the first of them wait longer"),
        row("storage.queuedEvents", .integer(\.gateway.storage.queuedEvents, 1...10_000_000),
            "how many events may wait to be written before normal ones are refused with 503",
            "under a second's work; urgent events are taken up to twice as many"),
        row("storage.linger",      .duration(\.gateway.storage.linger, .zero ... .seconds(1)),
            "how long a commit waits for company while the store is busy",
            "an idle store never waits"),
    ]

    private static let hour = Duration.seconds(3600)
    private static let century = Duration.seconds(36_525 * 86_400)

    /// The setting of that key.
    static func setting(_ key: String) -> Setting? { all.first { $0.key == key } }

    /// What a flag says of itself in the help.
    static func help(_ key: String) -> String {
        guard let setting = setting(key) else { return "" }
        let standard = setting.value(in: Settings()).flatMap { $0.isEmpty ? nil : " (default: \($0))" } ?? ""
        return setting.meaning + standard
    }

    /// `gatehouse.example.yaml`: every key with its default, what it does and why it is so.
    static var exampleFile: String {
        var text = """
            # Every setting of Gatehouse with its default. Start with `gatehouse serve --config FILE`.
            # A flag (--bounds-event-bytes) goes before a variable (GATEHOUSE_BOUNDS_EVENT_BYTES), a variable before
            # this file, this file before the default. `gatehouse config` shows what is in force, and from where.

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

    /// Whether anything in a section has a default: one without any is no section to a reader of YAML.
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
