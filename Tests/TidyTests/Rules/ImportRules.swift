/// Which module may use which library, and which other module.
enum ImportRules {
    /// Imports that a file's module may not have.
    static func strangers(_ file: SourceFile) -> [Finding] {
        guard let room = file.room else { return [] }
        return imports(in: file).compactMap { name, line in
            reason(against: name, in: room).map { file.finding(line, "import \(name): \($0)") }
        }
    }

    /// The modules that a file imports, with the lines.
    static func imports(in file: SourceFile) -> [(name: String, line: Int)] {
        let code = file.code
        let sorts: Set = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias", "actor"]
        return code.indices.dropLast().compactMap { place in
            guard code[place].is("import"), place == 0 || !code[place - 1].is(".") else { return nil }
            var module = place + 1
            if sorts.contains(code[module].text), module + 1 < code.count { module += 1 }
            return code[module].sort == .word ? (code[module].text, code[place].line) : nil
        }
    }

    private static func reason(against module: String, in room: String) -> String? {
        if let only = closed[room], !only.contains(module) {
            return "\(room) imports nothing but \(only.sorted().joined(separator: ", "))"
        }
        if neighbours.contains(room), neighbours.contains(module) {
            return "neighbours meet as Core's protocols, joined in the composition root"
        }
        if tops.contains(module), room != "gatehouse" { return "nothing stands upon \(module) but the binary" }
        for library in libraries where library.isMeant(module) && !library.rooms.contains(room) {
            return "\(library.name) stays in \(library.rooms.sorted().joined(separator: ", "))"
        }
        return nil
    }

    /// Modules with a short list and no exceptions.
    private static let closed: [String: Set<String>] = [
        "GatehouseCore": ["HTTPTypes", "Crypto", "FoundationEssentials"],
        "GatehouseControl": ["GatehouseCore", "Logging", "Synchronization", "FoundationEssentials"],
        "GatehouseDialects": ["GatehouseCore", "HTTPTypes", "Crypto"],
        "GatehouseVerification": ["Crypto", "FoundationEssentials"],
        "GatehouseClient": [
            "GatehouseCore", "GatehouseTLS", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL", "NIOTLS",
            "FoundationEssentials", "Synchronization",
        ],
        "GatehouseTLS": ["GatehouseCore", "NIOCore", "NIOSSL", "SwiftASN1", "X509"],
    ]

    /// Modules beside each other, which never use each other.
    private static let neighbours: Set = [
        "GatehouseServer", "GatehouseDelivery", "GatehouseStores", "GatehouseDialects",
    ]

    /// Modules above the others.
    private static let tops: Set = ["GatehouseGateway", "gatehouse"]

    /// A library, or a family whose names begin alike, and the modules that may use it.
    private struct Library {
        let name: String
        let rooms: Set<String>
        var isFamily = false

        func isMeant(_ module: String) -> Bool { isFamily ? module.hasPrefix(name) : module == name }
    }

    private static let libraries = [
        Library(
            name: "GatehouseControl",
            rooms: ["GatehouseServer", "GatehouseDelivery", "GatehouseGateway", "GatehouseTesting", "gatehouse"]),
        Library(name: "GRDB", rooms: ["GatehouseStores"]), Library(name: "GRDBSQLite", rooms: ["GatehouseStores"]),
        Library(
            name: "NIO",
            rooms: [
                "GatehouseDelivery", "GatehouseServer", "GatehouseGateway", "GatehouseClient", "GatehouseTLS",
                "gatehouse",
            ],
            isFamily: true),
        Library(name: "AsyncHTTPClient", rooms: ["GatehouseClient"]),
        Library(name: "Hummingbird", rooms: ["GatehouseServer", "GatehouseGateway", "gatehouse"], isFamily: true),
        Library(name: "X509", rooms: ["GatehouseTLS", "gatehouse"]),
        Library(name: "JWTKit", rooms: ["GatehouseServer"]),
        Library(name: "ArgumentParser", rooms: ["gatehouse"]),
        Library(name: "Configuration", rooms: ["gatehouse"]),
        Library(name: "Yams", rooms: ["gatehouse"]),
        Library(name: "Testing", rooms: ["GatehouseTesting"]),
    ]
}
