extension Dictionary where Key == Block, Value == JSON {
    /// Sets a field of a block, which is made where it is not there.
    ///
    /// The block is changed in its place: who copies it for each field pays the square of their number.
    public mutating func set(_ value: JSON, at name: String, of block: Block) {
        var object = removeValue(forKey: block)?.object ?? JSONObject()
        object[name] = value
        self[block] = .object(object)
    }
}
