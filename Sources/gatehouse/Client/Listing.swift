import ArgumentParser
import GatehouseClient
import GatehouseCore

/// How many entries of a list are asked for.
struct ListOptions: ParsableArguments {
    @Option(help: "the most entries to list")
    var limit = 100

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit takes a whole number from 1 to 100000")
        }
    }
}

/// Prints lists and single values of a gateway, for people or for programs.
struct Listing {
    /// One column: its heading, and the member that it shows. `health.state` is a member of a member.
    struct Column: ExpressibleByStringLiteral {
        let heading: String
        let member: String

        /// A column with the member's own name as its heading.
        init(stringLiteral value: String) {
            self.init(value, value)
        }

        /// A column with a heading of its own.
        init(_ heading: String, _ member: String) {
            self.heading = heading
            self.member = member
        }

        func value(in item: JSON) -> JSON? {
            member.split(separator: ".").reduce(item) { value, name in value?[String(name)] }
        }
    }

    private let asJSON: Bool

    /// Prints in the form that these options choose.
    init(_ options: ClientOptions) {
        self.init(asJSON: options.json)
    }

    /// Prints for programs, or for people.
    init(asJSON: Bool) {
        self.asJSON = asJSON
    }

    /// Reports that something was deleted.
    func showDeleted(_ id: String) {
        Descriptor.output.write(asJSON ? (["deleted": .string(id)] as JSON).compact + "\n" : "deleted \(id)\n")
    }

    /// Fetches page after page until the list ends or the limit is reached, and prints the entries.
    func show<Item>(
        _ list: APIClient.List<Item>, limit: Int, columns: [Column]
    ) async throws(GatehouseError) {
        var items: [JSON] = []
        var cursor: String?
        var bar = ProgressBar(total: nil)
        repeat {
            let page = try await list.page(after: cursor, limit: min(500, limit - items.count))
            items += page.items.map(\.json)
            cursor = page.next
            if cursor != nil { bar.show(bytes: items.count, note: "\(items.count) read") }
        } while cursor != nil && items.count < limit
        bar.clear()
        if asJSON {
            Descriptor.output.write((["items": .array(items), "next": .text(cursor)] as JSON).compact + "\n")
            return
        }
        Descriptor.output.write(Self.table(of: items, columns).text(width: Descriptor.output.width))
        if items.isEmpty { Descriptor.errors.write("None found.\n") }
        if cursor != nil { Descriptor.errors.write("There are more: --limit \(limit * 2) shows them.\n") }
    }

    /// Prints one value, member by member.
    func show(_ thing: some APIClient.Value, note: String? = nil) { show(thing.json, note: note) }

    /// Prints one value, member by member.
    func show(_ thing: JSON, note: String? = nil) {
        if asJSON {
            Descriptor.output.write(thing.compact + "\n")
            return
        }
        var table = TextTable(["field", "value"])
        for member in thing.object?.members ?? [] where member.value.items?.first?.object == nil {
            table.add([member.key, Self.text(of: member.value)])
        }
        Descriptor.output.write(table.text(width: Descriptor.output.width))
        if let note { Descriptor.errors.write(note + "\n") }
    }

    /// The values as rows of a table.
    static func table(of items: [JSON], _ columns: [Column]) -> TextTable {
        var table = TextTable(columns.map(\.heading))
        for item in items {
            table.add(columns.map { column in column.value(in: item).map(text) ?? "" })
        }
        return table
    }

    /// A value as a cell: text without quotes, lists without brackets, nothing for null.
    static func text(of value: JSON) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .array(let items): items.map(text).joined(separator: ",")
        case .bool(let flag): flag ? "yes" : "no"
        case .number, .object: value.compact
        }
    }
}

extension JSONObject {
    /// An object with its members in order.
    init(_ members: KeyValuePairs<String, JSON>) {
        self.init(members.map { JSONObject.Member($0.key, $0.value) })
    }

    /// Adds a member if it has a value.
    mutating func put(_ key: String, _ value: String?) {
        if let value { self[key] = .string(value) }
    }
}
