internal import GatehouseCore
internal import HTTPTypes

/// One page of a list of the contract: its size, its number, the order and the filter.
struct BasIPList {
    static let parameters = [
        "locale", "limit", "page_number", "sort_field", "sort_type", "filter_field", "filter_type", "filter_format",
        "filter_value",
    ]

    private let limit: Int
    private let page: Int
    private let sortField: String
    private let isAscending: Bool
    private let filter: (field: String, value: String)?
    private let sorts: [String]
    private let filters: [String]

    /// Reads the query. By default lists are sorted by the first of `sorts`.
    ///
    /// - Throws: the contract's sentence for the first parameter that is wrong.
    init(
        _ query: [String: String], sorts: [String], filters: [String], ascending: Bool = true
    ) throws(ManageAPI.Problem) {
        self.sorts = sorts
        self.filters = filters
        self.limit = Int(query["limit"] ?? "10") ?? 0
        guard [10, 20, 30, 50].contains(limit) else { throw BasIPProblem.pageLimit }
        self.page = Int(query["page_number"] ?? "1") ?? 0
        guard (1...1_000_000).contains(page) else { throw BasIPProblem.pageNumber }
        self.sortField = query["sort_field"] ?? sorts.first ?? ""
        guard sorts.contains(sortField) else { throw BasIPProblem.sortField }
        switch query["sort_type"] {
        case "asc": self.isAscending = true
        case "desc": self.isAscending = false
        case nil: self.isAscending = query["sort_field"] == nil ? ascending : true
        default: throw BasIPProblem.sortType
        }
        self.filter = try Self.filter(query, filters)
    }

    private static func filter(
        _ query: [String: String], _ known: [String]
    ) throws(ManageAPI.Problem) -> (field: String, value: String)? {
        guard query["filter_type"].map({ $0 == "equal" }) ?? true else { throw BasIPProblem.filterType }
        guard query["filter_format"].map({ $0 == "string" }) ?? true else { throw BasIPProblem.filterFormat }
        guard let field = query["filter_field"] else {
            if query["filter_value"] != nil { throw BasIPProblem.filterField }
            return nil
        }
        guard known.contains(field) else { throw BasIPProblem.filterField }
        guard let value = query["filter_value"] else { throw BasIPProblem.filterValue }
        return (field, value)
    }

    /// The page of these items, with the list's options.
    func answer(_ items: [JSONObject]) -> ManageAPI.Answer {
        let found = arranged(items)
        return answer(Array(cut(found)), of: found.count)
    }

    /// The requested items, in the requested order.
    func arranged(_ items: [JSONObject]) -> [JSONObject] {
        let found = items.filter { item in
            filter.map { wanted in item[wanted.field].map { Self.spelled($0) } == wanted.value } ?? true
        }
        let sorted = found.enumerated().sorted { one, other in
            let (left, right) = (one.element[sortField], other.element[sortField])
            if left == right { return one.offset < other.offset }
            return Self.isBefore(left, right) == isAscending
        }
        return sorted.map(\.element)
    }

    func cut<Item>(_ items: [Item]) -> ArraySlice<Item> { items.dropFirst((page - 1) * limit).prefix(limit) }

    func answer(_ items: [JSONObject], of total: Int) -> ManageAPI.Answer {
        let texts: ([String]) -> JSON = { .array($0.map { .string($0) }) }
        return ManageAPI.Answer(
            .ok,
            [
                "list_items": .array(items.map { .object($0) }),
                "list_options": [
                    "pagination": [
                        "total_items": .integer(total), "items_limit": .integer(limit),
                        "total_pages": .integer((total + limit - 1) / limit), "current_page": .integer(page),
                    ],
                    "filter": [
                        "available_filtering": true, "available_fields": texts(filters),
                        "is_filtered": .bool(filter != nil),
                    ],
                    "sort": [
                        "field": .string(sortField), "asc": .bool(isAscending), "available_fields": texts(sorts),
                    ],
                ],
            ])
    }

    private static func spelled(_ value: JSON) -> String { value.text ?? value.compact }

    private static func isBefore(_ left: JSON?, _ right: JSON?) -> Bool {
        if let left = left?.integer, let right = right?.integer { return left < right }
        return (left?.text ?? "") < (right?.text ?? "")
    }
}
