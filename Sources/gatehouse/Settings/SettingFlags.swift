import ArgumentParser

/// The flags of the settings. The table gives their names and their help. Their values are checked with all other
/// values, so that all faults are reported at once.
struct SettingFlags: ParsableArguments {
    @Option(help: "the YAML file with settings; also GATEHOUSE_CONFIG", completion: .file()) var config: String?

    @Option(name: name("store"), help: help("store")) var store: String?
    @Option(name: name("host"), help: help("host")) var host: String?
    @Option(name: name("port"), help: help("port")) var port: String?
    @Option(name: name("publicUrl"), help: help("publicUrl")) var publicUrl: String?
    @Option(name: name("tls.certificate"), help: help("tls.certificate"), completion: .file())
    var tlsCertificate: String?
    @Option(name: name("tls.key"), help: help("tls.key"), completion: .file()) var tlsKey: String?
    @Option(name: name("trustedProxies"), help: help("trustedProxies")) var trustedProxies: String?
    @Option(name: name("allowTargets"), help: help("allowTargets")) var allowTargets: String?
    @Option(name: name("egressProxy"), help: help("egressProxy")) var egressProxy: String?
    @Option(name: name("operatorUrl"), help: help("operatorUrl")) var operatorUrl: String?
    @Option(name: name("drain"), help: help("drain")) var drain: String?
    @Option(name: name("log.level"), help: help("log.level")) var logLevel: String?
    @Option(name: name("log.format"), help: help("log.format")) var logFormat: String?
    @Option(name: name("bounds.eventBytes"), help: help("bounds.eventBytes")) var eventBytes: String?
    @Option(name: name("bounds.batchEvents"), help: help("bounds.batchEvents")) var batchEvents: String?
    @Option(name: name("bounds.batchBytes"), help: help("bounds.batchBytes")) var batchBytes: String?
    @Option(name: name("bounds.objectBytes"), help: help("bounds.objectBytes")) var objectBytes: String?
    @Option(name: name("bounds.depth"), help: help("bounds.depth")) var depth: String?
    @Option(name: name("bounds.targetBytes"), help: help("bounds.targetBytes")) var targetBytes: String?
    @Option(name: name("bounds.headerFields"), help: help("bounds.headerFields")) var headerFields: String?
    @Option(name: name("bounds.headerBytes"), help: help("bounds.headerBytes")) var headerBytes: String?
    @Option(name: name("bounds.idleTimeout"), help: help("bounds.idleTimeout")) var idleTimeout: String?
    @Option(name: name("bounds.backlog"), help: help("bounds.backlog")) var backlog: String?
    @Option(name: name("bounds.waitingPolls"), help: help("bounds.waitingPolls")) var waitingPolls: String?
    @Option(name: name("bounds.eventStreams"), help: help("bounds.eventStreams")) var eventStreams: String?
    @Option(name: name("bounds.connections"), help: help("bounds.connections")) var connections: String?
    @Option(name: name("bounds.connectionsPerAddress"), help: help("bounds.connectionsPerAddress"))
    var connectionsPerAddress: String?
    @Option(name: name("bounds.deliveryDescriptors"), help: help("bounds.deliveryDescriptors"))
    var deliveryDescriptors: String?
    @Option(name: name("bounds.descriptors"), help: help("bounds.descriptors")) var descriptors: String?
    @Option(name: name("bounds.headTimeout"), help: help("bounds.headTimeout")) var headTimeout: String?
    @Option(name: name("bounds.bodyBytes"), help: help("bounds.bodyBytes")) var bodyBytes: String?
    @Option(name: name("bounds.bodyBytesPerKey"), help: help("bounds.bodyBytesPerKey")) var bodyBytesPerKey: String?
    @Option(name: name("bounds.bodyBytesPerAddress"), help: help("bounds.bodyBytesPerAddress"))
    var bodyBytesPerAddress: String?
    @Option(name: name("bounds.bodyRate"), help: help("bounds.bodyRate")) var bodyRate: String?
    @Option(name: name("bounds.bodyStretch"), help: help("bounds.bodyStretch")) var bodyStretch: String?
    @Option(name: name("bounds.bodyTime"), help: help("bounds.bodyTime")) var bodyTime: String?
    @Option(name: name("bounds.pollsPerKey"), help: help("bounds.pollsPerKey")) var pollsPerKey: String?
    @Option(name: name("bounds.streamsPerKey"), help: help("bounds.streamsPerKey")) var streamsPerKey: String?
    @Option(name: name("bounds.organizationShare"), help: help("bounds.organizationShare"))
    var organizationShare: String?
    @Option(name: name("guesses.firstWait"), help: help("guesses.firstWait")) var firstWait: String?
    @Option(name: name("guesses.longestWait"), help: help("guesses.longestWait")) var longestWait: String?
    @Option(name: name("guesses.memory"), help: help("guesses.memory")) var guessMemory: String?
    @Option(name: name("guesses.waitingPerAddress"), help: help("guesses.waitingPerAddress"))
    var guessesPerAddress: String?
    @Option(name: name("guesses.waiting"), help: help("guesses.waiting")) var guessesWaiting: String?
    @Option(name: name("guesses.addresses"), help: help("guesses.addresses")) var guessAddresses: String?
    @Option(name: name("guesses.logLines"), help: help("guesses.logLines")) var guessLogLines: String?
    @Option(name: name("guesses.auditLines"), help: help("guesses.auditLines")) var guessAuditLines: String?
    @Option(name: name("bounds.refusedLogInterval"), help: help("bounds.refusedLogInterval"))
    var refusedLogInterval: String?
    @Option(name: name("bounds.metricSubscriptions"), help: help("bounds.metricSubscriptions"))
    var metricSubscriptions: String?
    @Option(name: name("bounds.lookUpsPerOrganization"), help: help("bounds.lookUpsPerOrganization"))
    var lookUpsPerOrganization: String?
    @Option(name: name("keep.events"), help: help("keep.events")) var keepEvents: String?
    @Option(name: name("keep.attempts"), help: help("keep.attempts")) var keepAttempts: String?
    @Option(name: name("keep.deadDeliveries"), help: help("keep.deadDeliveries")) var keepDeadDeliveries: String?
    @Option(name: name("keep.audit"), help: help("keep.audit")) var keepAudit: String?
    @Option(name: name("keep.commands"), help: help("keep.commands")) var keepCommands: String?
    @Option(name: name("keep.diskWarning"), help: help("keep.diskWarning")) var diskWarning: String?
    @Option(name: name("storage.commitEvents"), help: help("storage.commitEvents")) var commitEvents: String?
    @Option(name: name("storage.queuedEvents"), help: help("storage.queuedEvents")) var queuedEvents: String?
    @Option(name: name("storage.linger"), help: help("storage.linger")) var linger: String?

    /// The given flags, by key.
    var given: [String: String] {
        let all: [String: String?] = [
            "store": store, "host": host, "port": port, "publicUrl": publicUrl, "allowTargets": allowTargets,
            "tls.certificate": tlsCertificate, "tls.key": tlsKey, "trustedProxies": trustedProxies,
            "egressProxy": egressProxy, "operatorUrl": operatorUrl, "drain": drain,
            "log.level": logLevel, "log.format": logFormat, "bounds.eventBytes": eventBytes,
            "bounds.batchEvents": batchEvents, "bounds.batchBytes": batchBytes, "bounds.objectBytes": objectBytes,
            "bounds.depth": depth, "bounds.targetBytes": targetBytes, "bounds.headerFields": headerFields,
            "bounds.headerBytes": headerBytes, "bounds.idleTimeout": idleTimeout, "bounds.backlog": backlog,
            "bounds.waitingPolls": waitingPolls, "bounds.eventStreams": eventStreams,
            "guesses.firstWait": firstWait, "guesses.longestWait": longestWait, "guesses.memory": guessMemory,
            "guesses.waitingPerAddress": guessesPerAddress, "guesses.waiting": guessesWaiting,
            "guesses.addresses": guessAddresses, "guesses.logLines": guessLogLines,
            "guesses.auditLines": guessAuditLines, "bounds.refusedLogInterval": refusedLogInterval,
            "bounds.metricSubscriptions": metricSubscriptions, "bounds.lookUpsPerOrganization": lookUpsPerOrganization,
            "keep.events": keepEvents,
            "keep.attempts": keepAttempts, "keep.deadDeliveries": keepDeadDeliveries, "keep.audit": keepAudit,
            "keep.commands": keepCommands, "keep.diskWarning": diskWarning,
            "bounds.connections": connections, "bounds.connectionsPerAddress": connectionsPerAddress,
            "bounds.deliveryDescriptors": deliveryDescriptors, "bounds.descriptors": descriptors,
            "bounds.headTimeout": headTimeout, "bounds.bodyBytes": bodyBytes, "bounds.bodyBytesPerKey": bodyBytesPerKey,
            "bounds.bodyBytesPerAddress": bodyBytesPerAddress, "bounds.bodyRate": bodyRate,
            "bounds.bodyStretch": bodyStretch, "bounds.bodyTime": bodyTime, "bounds.pollsPerKey": pollsPerKey,
            "bounds.streamsPerKey": streamsPerKey, "bounds.organizationShare": organizationShare,
            "storage.commitEvents": commitEvents, "storage.queuedEvents": queuedEvents, "storage.linger": linger,
        ]
        return all.compactMapValues { $0 }
    }

    /// The settings in force, from these flags, the process's variables and the settings file.
    func settings(variables: [String: String]) async -> SettingsInForce {
        await Settings.inForce(flags: given, variables: variables, file: config)
    }

    private static func name(_ key: String) -> NameSpecification {
        .customLong(SettingTable.setting(key)?.flag ?? key)
    }

    private static func help(_ key: String) -> ArgumentHelp { ArgumentHelp(SettingTable.help(key)) }
}
