import GatehouseCore

/// Several events of a file that are sent together as JSON lines, each with its line number.
struct Batch {
    /// The most events that go in one request.
    static let mostEvents = 100
    /// A batch with this many bytes is sent although more events would fit: half of the size that a gateway accepts by
    /// default.
    static let mostBytes = 4 << 20

    /// One event with the number of its line.
    struct Item {
        let line: Int
        let bytes: [UInt8]
    }

    /// The events, in the order of the file.
    private(set) var items: [Item] = []
    private var size = 0

    /// Whether there is nothing to send.
    var isEmpty: Bool { items.isEmpty }
    /// The events as `application/x-ndjson`.
    var body: [UInt8] { Array(items.map(\.bytes).joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")] }

    /// Whether one more event of that size would fit.
    func hasRoom(for bytes: Int) -> Bool {
        items.isEmpty || (items.count < Self.mostEvents && size + bytes + 1 <= Self.mostBytes)
    }

    /// Adds an event.
    mutating func add(_ item: Item) {
        items.append(item)
        size += item.bytes.count + 1
    }

    /// Removes the event at a place, because the gateway refused it.
    mutating func remove(at place: Int) -> Item {
        let item = items.remove(at: place)
        size -= item.bytes.count + 1
        return item
    }

    /// Removes all events.
    mutating func clear() {
        items = []
        size = 0
    }
}
