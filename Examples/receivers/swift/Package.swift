// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "receiver",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "gatehouse", path: "../../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    ],
    targets: [
        .executableTarget(
            name: "Receiver",
            dependencies: [
                .product(name: "GatehouseVerification", package: "gatehouse"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
            ])
    ]
)
