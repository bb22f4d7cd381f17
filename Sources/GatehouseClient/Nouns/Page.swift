internal import GatehouseCore

extension APIClient {
    /// One page of a list.
    public struct Page<Item: Value>: Hashable, Sendable {
        /// What is on it.
        public let items: [Item]
        /// Asks for the page behind it; nil where there is none.
        public let next: String?

        init(_ json: JSON, items name: String = "items") throws(GatehouseError) {
            var items: [Item] = []
            for item in try json.must(name, \.items) { items.append(try Item(item)) }
            self.items = items
            self.next = json["next"]?.text
        }
    }

    /// A list, read page after page as it is iterated; nothing is asked before that.
    public struct List<Item: Value>: AsyncSequence, Sendable {
        let client: APIClient
        let path: String
        var filter: [(String, String?)] = []
        /// How many items a page has at the most, from 1 to 500.
        public var pageSize = 500

        init(client: APIClient, path: String, _ filter: [(String, String?)] = []) {
            self.client = client
            self.path = path
            self.filter = filter
        }

        /// One page: the first, or the one behind a cursor, with so many items at the most.
        public func page(after cursor: String? = nil, limit: Int? = nil) async throws(GatehouseError) -> Page<Item> {
            let bounds = [("limit", String(limit ?? pageSize)), ("cursor", cursor)]
            return try Page(try await client.json(Call(.get, path, filter + bounds)))
        }

        /// Everything, however many pages that are.
        public func all() async throws(GatehouseError) -> [Item] {
            var items: [Item] = []
            var cursor: String?
            repeat {
                let page = try await page(after: cursor)
                items += page.items
                cursor = page.next
            } while cursor != nil
            return items
        }

        public func makeAsyncIterator() -> Iterator { Iterator(list: self) }

        /// One reading of the list.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let list: List
            private var cursor: String?
            private var isAtEnd = false

            fileprivate init(list: List) {
                self.list = list
            }

            /// The next page; nil behind the last.
            public mutating func next(
                isolation actor: isolated (any Actor)? = #isolation
            ) async throws(GatehouseError) -> Page<Item>? {
                guard !isAtEnd else { return nil }
                let page = try await list.page(after: cursor)
                cursor = page.next
                isAtEnd = cursor == nil
                return page
            }
        }
    }
}
