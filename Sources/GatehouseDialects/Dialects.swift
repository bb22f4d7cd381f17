public import GatehouseCore

/// The dialects that Gatehouse speaks.
public enum Dialects {
    /// One line a vendor.
    public static let all: [any Dialect] = [
        StandardDialect(),
        ProdataKeyDialect(),
        OneUpVisionDialect(),
        BasIPDialect(),
        SituatorDialect(),
        PlaceOSDialect(),
    ]
}
