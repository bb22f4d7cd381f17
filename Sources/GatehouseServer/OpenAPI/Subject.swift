internal import GatehouseCore

/// What the document tells of one subject: its routes, one row each, and the objects that they speak of.
struct Subject: Sendable {
    /// Its name, by which readers find the routes together.
    let name: String
    /// What it is about, in Markdown.
    let about: String
    /// The objects by their names.
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

/// What differs from gateway to gateway: the dialects that it speaks, its drivers, its bounds.
struct DescribedGateway: Sendable {
    let dialects: DialectTable
    let drivers: DriverTable
    let settings: ServerSettings
}
