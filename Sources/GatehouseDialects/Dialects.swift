package import GatehouseCore

/// The dialects of Gatehouse.
package enum Dialects {
    /// One line for each vendor.
    package static let all: [any Dialect] = [
        StandardDialect(),
        ProdataKeyDialect(),
        OneUpVisionDialect(),
        BasIPDialect(),
        SituatorDialect(),
        PlaceOSDialect(),
    ]
}
