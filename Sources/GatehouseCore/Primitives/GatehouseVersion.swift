/// The version of Gatehouse.
public enum GatehouseVersion {
    /// The version, by semantic versioning.
    public static let text = "0.1.0"
}
