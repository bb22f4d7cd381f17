import GatehouseCore

/// Some events of a file on their way together, as JSON lines, each remembered by the number of its line.
struct Batch {
    /// The most events that go in one request.
    static let mostEvents = 100
    /// Beyond so many bytes a batch is sent although more events would fit: half of what a gateway takes by default.
    static let mostBytes = 4 << 20

    /// One event with the number of the line that it stood in.
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

    /// Says whether one more event of that size would still go.
    func hasRoom(for bytes: Int) -> Bool {
        items.isEmpty || (items.count < Self.mostEvents && size + bytes + 1 <= Self.mostBytes)
    }

    /// Adds an event.
    mutating func add(_ item: Item) {
        items.append(item)
        size += item.bytes.count + 1
    }

    /// Takes the event at a place out, as one that the gateway refused.
    mutating func remove(at place: Int) -> Item {
        let item = items.remove(at: place)
        size -= item.bytes.count + 1
        return item
    }

    /// Takes everything out.
    mutating func clear() {
        items = []
        size = 0
    }
}
