/// JSON with the keys of every object in byte order: texts with equal content have equal canonical bytes, in spite of
/// spacing and the order of keys. Numbers keep their spelling.
enum CanonicalJSON {
    static func bytes(_ value: JSON) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        write(value, into: &bytes)
        return bytes
    }

    private static func write(_ value: JSON, into bytes: inout [UInt8]) {
        switch value {
        case .object(let object):
            let sorted = object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            bytes.append(UInt8(ascii: "{"))
            for (place, member) in sorted.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONWriter.write(member.key, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, into: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (place, item) in items.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                write(item, into: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .null, .bool, .number, .string: JSONWriter.write(value, into: &bytes)
        }
    }
}
