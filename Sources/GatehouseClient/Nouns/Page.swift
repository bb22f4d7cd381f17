internal import GatehouseCore

extension APIClient {
    /// One page of a list.
    public struct Page<Item: Value>: Hashable, Sendable {
        /// The entries of the page.
        public let items: [Item]
        /// The cursor of the next page; nil if there is none.
        public let next: String?

        init(_ json: JSON, items name: String = "items") throws(GatehouseError) {
            var items: [Item] = []
            for item in try json.must(name, \.items) { items.append(try Item(item)) }
            self.items = items
            self.next = json["next"]?.text
        }
    }

    /// A list that is read page after page during iteration; nothing is requested before.
    public struct List<Item: Value>: AsyncSequence, Sendable {
        let client: APIClient
        let path: String
        var filter: [(String, String?)] = []
        /// The largest number of entries on a page, from 1 to 500.
        public var pageSize = 500

        init(client: APIClient, path: String, _ filter: [(String, String?)] = []) {
            self.client = client
            self.path = path
            self.filter = filter
        }

        /// One page: the first, or the one after a cursor, with at most this many entries.
        public func page(after cursor: String? = nil, limit: Int? = nil) async throws(GatehouseError) -> Page<Item> {
            let bounds = [("limit", String(limit ?? pageSize)), ("cursor", cursor)]
            return try Page(try await client.json(Call(.get, path, filter + bounds)))
        }

        /// All entries of all pages.
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

        /// One iteration over the list.
        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let list: List
            private var cursor: String?
            private var isAtEnd = false

            fileprivate init(list: List) {
                self.list = list
            }

            /// The next page; nil after the last.
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
