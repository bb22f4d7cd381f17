extension Dictionary where Key == Block, Value == JSON {
    /// Sets a field of a block, and creates the block if it is missing.
    ///
    /// It changes the block in place: a copy for each field would cost quadratic time.
    public mutating func set(_ value: JSON, at name: String, of block: Block) {
        var object = removeValue(forKey: block)?.object ?? JSONObject()
        object[name] = value
        self[block] = .object(object)
    }
}
