/// Which Gatehouse this is.
public enum GatehouseVersion {
    /// By semantic versioning.
    public static let text = "0.1.0"
}
