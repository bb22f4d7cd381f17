public import GatehouseCore

/// The dialects of Gatehouse.
public enum Dialects {
    /// One line for each vendor.
    public static let all: [any Dialect] = [
        StandardDialect(),
        ProdataKeyDialect(),
        OneUpVisionDialect(),
        BasIPDialect(),
        SituatorDialect(),
        PlaceOSDialect(),
    ]
}
