import ArgumentParser
import GatehouseCore

/// The fields of a subscription that can be set when it is created and updated later.
struct TermOptions: ParsableArguments {
    @Option(help: "this, recursive, or panel ids, separated by commas") var scope: String?
    @Option(
        help: "globs over kinds, separated by commas, for example 'access.*,door.forced'", completion: Completable.kinds
    )
    var kinds: String?
    @Flag(help: "all kinds that the dialect has, in place of --kinds") var allKinds = false
    @Option(help: "door ids, separated by commas; alarms without a known door are delivered too") var doors: String?
    @Flag(help: "all doors, in place of --doors") var allDoors = false
    @Option(help: "0 everything, 1 no credentials, 2 no credentials and no persons") var privacyLevel: Int?
    @Option(
        help: ArgumentHelp(
            "the secret that signs deliveries; if it is created without one, the dialects that make one are: "
                + Completable.secretMakers))
    var secret: String?
    @Option(name: .customLong("header"), help: "a header for every delivery, 'Name: value'; repeatable")
    var headers: [String] = []
    @Option(help: "credentials in every delivery: 'user:password', or none") var basic: String?
    @Option(help: "a bearer token in every delivery, from the receiver") var bearer: String?
    @Flag(inversion: .prefixedNo, help: "whether an https receiver must have a trusted certificate")
    var tlsVerification: Bool?
    @Option(help: "when it becomes inactive by itself, for example 2030-12-31T22:00:00Z, or never") var expiresAt:
        String?
    @Option(help: "the dialect's own settings, a JSON object such as '{\"payload\": \"envelope\"}'")
    var settings: SettingsArgument?
    @Option(
        help: "how long the gateway tries if the receiver fails: durable, vendor, or default for the dialect's",
        completion: .list(Promise.allCases.map(\.rawValue) + ["default"]))
    var promise: String?
    @Option(help: "how long each phase of an attempt may take, 1s to 30s") var timeout: TimeSpan?
    @Option(help: "delays before the 2nd, 3rd … attempt in seconds, separated by commas, or default")
    var retries: String?
    @Option(help: "how many deliveries may be in flight at once, 1 to 256") var concurrency: Int?
    @Flag(inversion: .prefixedNo, help: "sign with Standard Webhooks too; its secret is shown once")
    var standardSignature: Bool?
    @Flag(inversion: .prefixedNo, help: "gatehouse-* headers on every delivery") var extraHeaders: Bool?
    @Flag(inversion: .prefixedNo, help: "whether it gets new events") var active: Bool?

    func validate() throws {
        if let privacyLevel, PrivacyLevel(rawValue: privacyLevel) == nil {
            throw ValidationError("--privacy-level takes 0, 1 or 2")
        }
        for header in headers where Self.parts(of: header) == nil {
            throw ValidationError("--header takes 'Name: value', not '\(header)'")
        }
        if let basic, basic != "none", !basic.dropFirst().contains(":") {
            throw ValidationError("--basic takes 'user:password', or none")
        }
        if kinds != nil, allKinds { throw ValidationError("--kinds and --all-kinds exclude each other") }
        if doors != nil, allDoors { throw ValidationError("--doors and --all-doors exclude each other") }
        if basic != nil, bearer != nil { throw ValidationError("--basic and --bearer exclude each other") }
        if let retries, retries != "default", Self.delays(in: retries) == nil {
            throw ValidationError("--retries takes whole seconds, separated by commas, for example 1,2,5, or default")
        }
        if let promise, promise != "default", Promise(rawValue: promise) == nil {
            throw ValidationError("--promise takes durable, vendor or default")
        }
        if let timeout, !(Duration.seconds(1)...(.seconds(30))).contains(timeout.duration) {
            throw ValidationError("--timeout takes a time from 1s to 30s")
        }
    }

    /// Adds the given fields, under their names in the native API.
    func put(into body: inout JSONObject) {
        if let scope { body["scope"] = Self.scope(scope) }
        if let kinds { body["kinds"] = Self.list(kinds) }
        if allKinds { body["kinds"] = .null }
        if let doors { body["doors"] = Self.list(doors) }
        if allDoors { body["doors"] = .null }
        if let privacyLevel { body["privacyLevel"] = .integer(privacyLevel) }
        body.put("secret", secret)
        if !headers.isEmpty {
            body["headers"] = .object(
                JSONObject(headers.compactMap(Self.parts).map { JSONObject.Member($0.name, .string($0.value)) }))
        }
        if let authentication { body["authentication"] = authentication }
        if let tlsVerification { body["tls"] = ["verification": .bool(tlsVerification)] }
        if let expiresAt { body["expiresAt"] = expiresAt == "never" ? .null : .string(expiresAt) }
        if let settings { body["settings"] = settings.json }
        if let promise { body["promise"] = promise == "default" ? .null : .string(promise) }
        if let timeout { body["timeout"] = .integer(timeout.duration.microseconds / 1000) }
        if let retries {
            body["retries"] = Self.delays(in: retries).map { .array($0.map { .integer($0) }) } ?? "default"
        }
        if let concurrency { body["concurrency"] = .integer(concurrency) }
        if let standardSignature { body["standardSignature"] = .bool(standardSignature) }
        if let extraHeaders { body["extraHeaders"] = .bool(extraHeaders) }
        if let active { body["active"] = .bool(active) }
    }

    private var authentication: JSON? {
        if let bearer { return ["type": "bearer", "token": .string(bearer)] }
        guard let basic else { return nil }
        guard let colon = basic.firstIndex(of: ":") else { return ["type": "none"] }
        return [
            "type": "basic", "user": .string(String(basic[..<colon])),
            "password": .string(String(basic[basic.index(after: colon)...])),
        ]
    }

    private static func scope(_ text: String) -> JSON {
        text == "this" || text == "recursive" ? .string(text) : list(text)
    }

    private static func list(_ text: String) -> JSON {
        .array(text.split(separator: ",").map { .string(trimmed($0)) })
    }

    private static func parts(of header: String) -> (name: String, value: String)? {
        guard let colon = header.firstIndex(of: ":"), colon != header.startIndex else { return nil }
        return (trimmed(header[..<colon]), trimmed(header[header.index(after: colon)...]))
    }

    private static func delays(in text: String) -> [Int64]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let delays = parts.compactMap { Int64(trimmed($0)) }.filter { $0 >= 0 }
        return delays.count == parts.count ? delays : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}

/// A JSON object on the command line.
struct SettingsArgument: ExpressibleByArgument {
    let json: JSON

    init?(argument: String) {
        guard let settings = try? JSONParser.parse(Array(argument.utf8)), settings.object != nil else { return nil }
        json = settings
    }
}
