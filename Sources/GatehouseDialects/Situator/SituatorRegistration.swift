internal import GatehouseCore

/// Reads the doors and events that callers register.
enum SituatorRegistration {
    /// The names that bodies may have; further names of the lists are ignored.
    static let doorNames = DeclaredNames(["doors"], inside: ["doors": ["serverId", "doorId"]])
    /// The same for events.
    static let eventNames = DeclaredNames(["events"], inside: ["events": ["eventId"]])

    /// `{"doors": [{"serverId", "doorId"}]}`. - Throws: the first fault, by its place.
    static func doors(in body: JSONObject) throws(ValidationError) -> [(server: Int64, door: Int64)] {
        var doors: [(server: Int64, door: Int64)] = []
        for (place, item) in try items("doors", in: body).enumerated() {
            let path = "doors[\(place)]"
            let object = try PayloadValue(item, at: path).object()
            doors.append(
                (server: try number("serverId", of: object, path), door: try number("doorId", of: object, path)))
        }
        return doors
    }

    /// `{"events": [{"eventId"}]}`. - Throws: the first fault, by its place.
    static func events(in body: JSONObject) throws(ValidationError) -> [Int64] {
        var events: [Int64] = []
        for (place, item) in try items("events", in: body).enumerated() {
            let path = "events[\(place)]"
            events.append(try number("eventId", of: PayloadValue(item, at: path).object(), path))
        }
        return events
    }

    /// Checks that an event's id exists. - Throws: ``ValidationError/Code/notFound`` with the id.
    static func check(event id: Int64) throws(ValidationError) {
        guard SituatorOccurrence.all.contains(where: { $0.id == id }) else {
            throw ValidationError(.notFound, "there is no event \(id)")
        }
    }

    /// A number in a path. - Throws: ``ValidationError/Code/notFound`` for other text, because every name is a number.
    static func number(_ text: String?, _ thing: String) throws(ValidationError) -> Int64 {
        guard let text, let number = Int64(text), String(number) == text else {
            let text = text ?? ""
            let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            throw ValidationError(
                .notFound,
                isNumber ? "there is no \(thing) \(text)" : "there is no \(thing) \"\(text)\": it is called by a number"
            )
        }
        return number
    }

    /// The items in their order, without repetitions.
    static func once<Item: Hashable>(_ items: [Item]) -> [Item] {
        var seen: Set<Item> = []
        return items.filter { seen.insert($0).inserted }
    }

    private static func items(_ key: String, in body: JSONObject) throws(ValidationError) -> [JSON] {
        guard let value = body[key] else { throw ValidationError(.missingField, field: key, "it is required") }
        guard let items = value.items else { throw ValidationError(.wrongType, field: key, "it takes a list") }
        return items
    }

    private static func number(_ key: String, of object: JSONObject, _ path: String) throws(ValidationError) -> Int64 {
        guard let value = object[key] else {
            throw ValidationError(.missingField, field: "\(path).\(key)", "it is required")
        }
        return try PayloadValue(value, at: "\(path).\(key)").integer()
    }
}

extension SituatorSettings.RegisteredDoor {
    /// Whether it has the same two numbers.
    func isNumbered(as other: Self) -> Bool { server == other.server && number == other.number }
}
