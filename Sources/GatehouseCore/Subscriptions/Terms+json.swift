extension Terms {
    /// The terms as JSON in the format of the native API, with their secrets as `showing` says.
    ///
    /// The store and the API use the same format, so that no field can be missing in one of them.
    public func json(_ showing: Showing) -> JSONObject { Self.fields.json(self, showing) }

    /// The terms with the mask in place of all that authenticates callers: for a caller who may only read.
    public var masked: Terms {
        var terms = self
        Self.fields.mask(&terms)
        return terms
    }

    /// The stored form of the terms.
    public var stored: [UInt8] { JSON.object(Self.fields.stored(self)).bytes }

    /// Reads what ``stored`` wrote; nil if the bytes are damaged.
    public init?(stored bytes: [UInt8]) {
        guard let object = (try? JSONParser.parse(bytes))?.object, let name = object["name"]?.text,
            let dialect = object["dialect"]?.text, let url = object["url"]?.text.flatMap({ TargetURL($0) })
        else { return nil }
        self.init(kept: name, dialect: DialectName(dialect), url: url)
        guard Self.fields.restore(object, into: &self) else { return nil }
    }

    /// Whether the native API has a field with that name.
    static func isField(_ name: String) -> Bool { fields[name].map { !$0.uses.isDisjoint(with: .taken) } ?? false }

    /// The names of the fields that differ in other terms, for the audit.
    package func names(differingFrom other: Terms) -> [String] { Self.fields.names(of: self, differingFrom: other) }

    /// The fields that differ in other terms and say where events go, who can take them there, or which they are.
    package func decisive(differingFrom other: Terms) -> [String] {
        Self.fields.decisiveNames(of: self, differingFrom: other)
    }
}

extension Subscription {
    /// The same revision with masked terms. It is only for display: never store it or send to it.
    public var masked: Subscription { Subscription(of: self, terms: terms.masked) }
}

extension Terms.Scope {
    /// The scope in the format of the native API.
    var json: JSON {
        switch self {
        case .this: "this"
        case .recursive: "recursive"
        case .panels(let panels): .array(panels.map { .string($0.text) })
        }
    }

    /// Reads the format of the native API; nil for anything else.
    init?(json: JSON) {
        if let panels = json.items {
            let names = panels.compactMap(\.text)
            guard names.count == panels.count, !names.isEmpty else { return nil }
            self = .panels(names.map { PanelID($0) })
        } else if json == "this" {
            self = .this
        } else if json == "recursive" {
            self = .recursive
        } else {
            return nil
        }
    }
}
