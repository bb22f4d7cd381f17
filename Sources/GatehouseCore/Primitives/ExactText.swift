/// A text that is compared by its bytes in UTF-8.
///
/// `==` and the hash of `String` follow Unicode's canonical equivalence: `é` as one scalar and as two are equal, and so
/// are `K` and the Kelvin sign. The store compares bytes, and so do the receivers. Where callers choose a text and we
/// look it up, the bytes decide, so that two ids that differ stay two ids everywhere.
///
/// It is a property wrapper, so that a type with `@ExactText var text: String` is compared by bytes without code of its
/// own; and a key of dictionaries and sets by itself.
@propertyWrapper public struct ExactText: Hashable, Sendable {
    /// The text.
    public var wrappedValue: String

    /// Takes the text as it is.
    public init(wrappedValue: String) {
        self.wrappedValue = wrappedValue
    }

    /// Takes the text as it is.
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
        // No text in UTF-8 has this byte, so that two texts in a row do not hash as another two.
        hasher.combine(UInt8.max)
    }
}

extension String {
    /// Whether both texts have the same bytes in UTF-8; see ``ExactText`` for why `==` does not say so.
    public func hasBytes(of other: String) -> Bool {
        // Texts that are not even equal differ in bytes; for short ones that is one comparison of two words.
        guard utf8.count == other.utf8.count, self == other else { return false }
        // Both lie in one piece but for texts of other systems, so this is a plain loop over memory.
        let isSame: Bool?? = utf8.withContiguousStorageIfAvailable { own in
            other.utf8.withContiguousStorageIfAvailable { own.elementsEqual($0) }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
