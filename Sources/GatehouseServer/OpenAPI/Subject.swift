internal import GatehouseCore

/// The document's part about one subject: its routes, one row each, and their schemas.
struct Subject: Sendable {
    /// Its name, which groups its routes in the document.
    let name: String
    /// Its description, in Markdown.
    let about: String
    /// The schemas by their names.
    let schemas: [(name: String, schema: Schema)]
    /// The routes.
    let operations: [Operation]

    init(_ name: String, _ about: String, schemas: [(String, Schema)], operations: [Operation]) {
        self.name = name
        self.about = about
        self.schemas = schemas.map { (name: $0.0, schema: $0.1) }
        self.operations = operations
    }
}

/// What differs between gateways: dialects, drivers and bounds.
struct DescribedGateway: Sendable {
    let dialects: DialectTable
    let drivers: DriverTable
    let settings: ServerSettings
}
