// swift-tools-version: 6.2
import PackageDescription

// Strict everywhere: an import says what it lends, an existential says so, and a warning is an error.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// Products of other packages, each named once.
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let collections: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let coreMetrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let csv: Target.Dependency = .product(name: "SwiftCSV", package: "SwiftCSV")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")

let package = Package(
    name: "gatehouse",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "gatehouse", targets: ["gatehouse"]),
        .library(name: "GatehouseVerification", targets: ["GatehouseVerification"]),
        .library(name: "GatehouseClient", targets: ["GatehouseClient"]),
        // The client's interface has its types: ids, instants, JSON.
        .library(name: "GatehouseCore", targets: ["GatehouseCore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // Computes and never talks: no I/O, no clock, no dice.
        .target(name: "GatehouseCore", dependencies: [crypto, httpTypes], swiftSettings: strict),
        // Speaks the vendors' contracts: pure, knows the Core and nothing else.
        .target(name: "GatehouseDialects", dependencies: ["GatehouseCore", crypto, httpTypes], swiftSettings: strict),
        // Does what the gateway is asked to: registries in memory, use cases, hints between the parts.
        .target(name: "GatehouseControl", dependencies: ["GatehouseCore", logging], swiftSettings: strict),
        // Remembers: the Core's store protocols over SQLite.
        .target(
            name: "GatehouseStores", dependencies: ["GatehouseCore", grdb, grdbSQLite, httpTypes, logging, metrics],
            swiftSettings: strict),
        // Tells why a handshake of TLS failed, for the two rooms that dial.
        .target(
            name: "GatehouseTLS", dependencies: ["GatehouseCore", asn1, nioCore, nioSSL, x509], swiftSettings: strict),
        // Dials out: the delivery pipeline, the courier, the connection pool behind the egress guard.
        .target(
            name: "GatehouseDelivery",
            dependencies: [
                "GatehouseControl", "GatehouseCore", "GatehouseTLS", collections, httpTypes, logging, metrics, nioCore,
                nioPosix, nioTLS, nioSSL,
            ],
            swiftSettings: strict),
        // The C library that decodes gzip, as the system has it.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // Is called: the native API, the OAuth routes and the vendors' manage routes over Hummingbird.
        .target(
            name: "GatehouseServer",
            dependencies: [
                "CZlib", "GatehouseControl", "GatehouseCore", hummingbird, httpTypes, jwt, logging, metrics,
                coreMetrics, nioCore, nioHTTP1, nioPosix, nioSSL,
            ],
            swiftSettings: strict),
        // The composition root: the one place that names concrete types of every room and joins them.
        .target(
            name: "GatehouseGateway",
            dependencies: [
                "GatehouseControl", "GatehouseCore", "GatehouseStores", "GatehouseDelivery", "GatehouseServer",
                hummingbird, lifecycle, unixSignals, logging, nioCore, nioPosix,
            ],
            swiftSettings: strict),
        // Verifies any dialect's request, for receivers: swift-crypto only, no other target of ours.
        .target(name: "GatehouseVerification", dependencies: [crypto], swiftSettings: strict),
        // Calls the native API, for programs and for the command line: the Core's JSON and times, an HTTP client.
        .target(
            name: "GatehouseClient",
            dependencies: [
                "GatehouseCore", "GatehouseTLS", asyncHTTPClient, nioCore, nioHTTP1, nioPosix, nioSSL, nioTLS,
            ],
            swiftSettings: strict),
        // The one binary: commands, settings, the demo.
        .executableTarget(
            name: "gatehouse",
            dependencies: [
                "GatehouseCore", "GatehouseDialects", "GatehouseDelivery", "GatehouseServer", "GatehouseStores",
                "GatehouseGateway", "GatehouseVerification", "GatehouseClient", argumentParser, configuration, yams,
                lifecycle, unixSignals, logging, metrics, coreMetrics, hummingbird, hummingbirdTLS, httpTypes, nioCore,
                nioHTTP1,
                nioPosix, nioSSL, asn1, crypto, x509, csv,
            ],
            swiftSettings: strict),

        // Tests only: fixtures, a clock that stands still, a gate at which a store fails when told to.
        .target(name: "GatehouseTesting", dependencies: ["GatehouseCore", logging], swiftSettings: strict),
        .testTarget(
            name: "GatehouseCoreTests", dependencies: ["GatehouseCore", "GatehouseTesting", httpTypes],
            exclude: ["Fixtures/kinds.csv"], swiftSettings: strict),
        .testTarget(
            name: "GatehouseControlTests",
            dependencies: ["GatehouseControl", "GatehouseCore", "GatehouseStores", "GatehouseTesting", logging],
            swiftSettings: strict),
        .testTarget(
            name: "GatehouseStoresTests",
            dependencies: [
                "GatehouseControl", "GatehouseCore", "GatehouseStores", "GatehouseTesting", grdb, httpTypes,
            ],
            exclude: ["Fixtures/first-form.sql"], swiftSettings: strict),
        // A building, a vendor that does not exist, the vendors' examples: for the two targets that test dialects.
        .testTarget(
            name: "DialectFixtures",
            dependencies: [
                "GatehouseCore", "GatehouseDialects", "GatehouseTesting", "GatehouseVerification", crypto, httpTypes,
            ],
            exclude: ["ProdataKey/Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "GatehouseDialectsTests",
            dependencies: [
                "DialectFixtures", "GatehouseCore", "GatehouseDialects", "GatehouseTesting", "GatehouseVerification",
                httpTypes,
            ],
            exclude: ["Golden", "OneUpVision/Fixtures", "PlaceOS/Fixtures"], swiftSettings: strict),
        // What runs a whole gateway in the tests' own process, or calls it by the client.
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "DialectFixtures", "gatehouse", "GatehouseClient", "GatehouseControl", "GatehouseCore",
                "GatehouseDelivery", "GatehouseDialects", "GatehouseGateway", "GatehouseServer", "GatehouseTesting",
                "GatehouseVerification", crypto, httpTypes, hummingbird, lifecycle, logging, nioCore, nioHTTP1,
                nioPosix, nioSSL,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GatehouseDeliveryTests",
            dependencies: [
                "GatehouseControl", "GatehouseCore", "GatehouseDialects", "GatehouseDelivery", "GatehouseStores",
                "GatehouseTLS", "GatehouseTesting", httpTypes, logging, nioCore, nioPosix, nioSSL,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GatehouseServerTests",
            dependencies: [
                "CZlib", "GatehouseControl", "GatehouseCore", "GatehouseServer", "GatehouseStores", "GatehouseTesting",
                crypto, hummingbird,
                httpTypes, jwt, lifecycle, logging, metrics, coreMetrics, nioCore, nioPosix, nioSSL,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GatehouseVerificationTests",
            dependencies: ["GatehouseCore", "GatehouseTesting", "GatehouseVerification", crypto],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "gatehouse", "GatehouseClient", "GatehouseCore", "GatehouseDialects", "GatehouseDelivery",
                "GatehouseGateway", "GatehouseServer", "GatehouseVerification", argumentParser, httpTypes, logging,
                nioPosix,
            ],
            swiftSettings: strict),
        // A gateway that answers before it commits: what the crash test must find out.
        .executableTarget(
            name: "answers-early",
            dependencies: [
                "GatehouseCore", "GatehouseDelivery", "GatehouseDialects", "GatehouseGateway", "GatehouseServer",
                logging,
            ],
            path: "Tests/AnswersEarly", swiftSettings: strict),
        // Does once what a gateway does with the bytes of an event, for a check that counts its instructions.
        .executableTarget(
            name: "work-per-byte", dependencies: ["GatehouseCore", "GatehouseDialects"], path: "Tests/WorkPerByte",
            exclude: ["check.py", "probes.py"], swiftSettings: strict),
        // Load generators, one of them the delivery engine without a gateway around it.
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "GatehouseCore", "GatehouseDelivery", "GatehouseDialects", argumentParser, hummingbird, httpTypes,
                logging, nioCore, nioPosix,
            ],
            path: "Benchmarks/Sources", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "gatehouse", "answers-early", "GatehouseClient", "GatehouseCore", "GatehouseDelivery",
                "GatehouseVerification", hummingbird, httpTypes, logging, nioCore, nioPosix,
            ],
            swiftSettings: strict),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ]
)
