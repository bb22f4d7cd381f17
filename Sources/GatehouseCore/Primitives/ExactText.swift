/// A text that is compared by its UTF-8 bytes.
///
/// `==` and the hash of `String` follow Unicode's canonical equivalence: `é` as one scalar and as two are equal, and so
/// are `K` and the Kelvin sign. The store and the receivers compare bytes. So for texts that callers choose and the
/// gateway looks up, the bytes decide: two different ids are different everywhere.
///
/// It is a property wrapper: a type with `@ExactText var text: String` is compared by bytes without its own code. It
/// can also be a key of dictionaries and sets.
@propertyWrapper public struct ExactText: Hashable, Sendable {
    /// The text.
    public var wrappedValue: String

    /// Wraps a text unchanged.
    public init(wrappedValue: String) {
        self.wrappedValue = wrappedValue
    }

    /// Wraps a text unchanged.
    public init(_ text: String) {
        self.wrappedValue = text
    }

    public static func == (left: ExactText, right: ExactText) -> Bool {
        left.wrappedValue.hasBytes(of: right.wrappedValue)
    }

    public func hash(into hasher: inout Hasher) {
        let isHashed: Void? = wrappedValue.utf8.withContiguousStorageIfAvailable { bytes in
            hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        }
        if isHashed == nil { for byte in wrappedValue.utf8 { hasher.combine(byte) } }
        // This byte never occurs in UTF-8, so two texts in a row cannot hash like two other ones.
        hasher.combine(UInt8.max)
    }
}

extension String {
    /// Whether both texts have the same UTF-8 bytes; ``ExactText`` explains why `==` is not enough.
    public func hasBytes(of other: String) -> Bool {
        // Texts that are not equal differ in bytes; for short ones this compares two words.
        guard utf8.count == other.utf8.count, self == other else { return false }
        // Both are contiguous, except bridged texts of other systems, so this is a plain loop over memory.
        let isSame: Bool?? = utf8.withContiguousStorageIfAvailable { own in
            other.utf8.withContiguousStorageIfAvailable { own.elementsEqual($0) }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
