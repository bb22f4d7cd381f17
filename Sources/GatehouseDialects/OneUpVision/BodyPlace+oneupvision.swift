internal import GatehouseCore

// The places that only 1UPVISION's contract has. A path names a block and its field, or an object among the details and
// its field.
extension BodyPlace {
    /// A value as it was reported; an object keeps all its keys, with `null` for withheld values.
    static func oneUp(_ path: [String], _ sort: BodySort) -> BodyPlace {
        BodyPlace(
            value: { $0.blanked(path).flatMap(sort.fitted) },
            put: { value, draft throws(ValidationError) in draft.set(value.json, at: path) })
    }

    /// A time as it was reported; text that is not a time counts as missing. With `isWhen` it is the event's own time.
    static func oneUpTime(_ path: [String], isWhen: Bool = false) -> BodyPlace {
        BodyPlace(
            value: { $0.blanked(path)?.text.flatMap { $0.isEmpty ? .none : .string($0) } },
            put: { value, draft throws(ValidationError) in
                if isWhen { draft.time = value.json.text.flatMap { try? TimeText($0) } }
                draft.set(value.json, at: path)
            })
    }

    /// The number of the organization.
    static func oneUpAccount(_ path: [String]) -> BodyPlace {
        BodyPlace(
            value: { $0.event.labels.numbers[.account].map { .integer($0) } },
            put: { value, draft throws(ValidationError) in
                draft.number(.account, value.json)
                draft.set(value.json, at: path)
            })
    }

    // MARK: Records

    /// The number of a record: that of its id, else the event's own. Events from before records had numbers have the
    /// reporter's.
    static func oneUpRecord(_ subject: Numbers.Subject, _ path: [String]) -> BodyPlace {
        BodyPlace(
            value: { view in
                let numbers = view.event.labels.numbers
                if let number = numbers[subject] { return .integer(number) }
                return view.told(path)?.wholeNumber ?? numbers.record(subject).map { .integer($0) }
            },
            put: { value, draft throws(ValidationError) in
                draft.sourceID = value.json.text ?? value.json.compact
                draft.number(subject, value.json)
                draft.set(value.json, at: path)
            })
    }

    /// The number of a subject that a record names by an id.
    static func oneUpNumber(_ subject: Numbers.Subject, _ path: [String]) -> BodyPlace {
        BodyPlace(
            value: { $0.event.labels.numbers[subject].map { .integer($0) } ?? $0.blanked(path)?.wholeNumber },
            put: { value, draft throws(ValidationError) in
                draft.number(subject, value.json)
                draft.set(value.json, at: path)
            })
    }

    static func oneUpShift(_ record: String) -> BodyPlace {
        BodyPlace(
            value: { $0.numbered([record, "shift"], as: .shift) },
            put: { value, draft throws(ValidationError) in
                if let number = value.json["id"]?.integer { draft.labels.numbers[.shift] = number }
                draft.set(value.json, at: [record, "shift"])
            })
    }

    /// The attendance record that a punch belongs to.
    static let oneUpAttendance = BodyPlace(
        value: { $0.numbered(["punch", "attendance"], as: .attendance) },
        put: { value, draft throws(ValidationError) in
            draft.number(.attendance, value.json["id"])
            draft.number(.shift, value.json["shift_id"])
            draft.number(.person, value.json["person_id"])
            draft.set(value.json, at: ["punch", "attendance"])
        })

    // MARK: People

    /// A field of a person: in our block, else in the details under the vendor's own name.
    static func oneUpPerson(_ key: String, own: String?) -> BodyPlace {
        let sort = OneUpVisionSort.of(key)
        let path = ["details", "person", key]
        return BodyPlace(
            value: { view in
                let told = own.flatMap { view.data["person"]?[$0] }
                return (told ?? view.blanked(path)).flatMap(sort.fitted)
            },
            put: { value, draft throws(ValidationError) in
                if let own, value.json.text != nil {
                    draft.set(value.json, at: own, of: .person)
                } else {
                    draft.set(value.json, at: path)
                }
            })
    }

    /// The people of a bulk event.
    static let oneUpPeople = people { view, person in
        var object = JSONObject()
        object["id"] = person["id"] ?? .null
        for (key, own) in OneUpVisionPayload.personKeys {
            let told = person[key] ?? own.flatMap { person[$0] }
            object[key] = told.flatMap(OneUpVisionSort.of(key).fitted) ?? .null
        }
        for key in ["created_at", "updated_at"] {
            let told = person[key]?.text.flatMap { $0.isEmpty ? nil : $0 }
            object[key] = .string(told ?? RFC3339.microsecondsText(view.event.time.instant))
        }
        object["organization_id"] = view.event.labels.numbers[.account].map { .integer($0) } ?? .null
        return object
    }

    static let oneUpPeopleGone = people { _, person in JSONObject([.init("id", person["id"] ?? .null)]) }

    /// A list of `details.people`, whose objects have the contract's names or ours.
    private static func people(
        _ written: @escaping @Sendable (BodyView, JSONObject) -> JSONObject
    ) -> BodyPlace {
        BodyPlace(
            value: { view in .array(view.people.map { .object(written(view, $0)) }) },
            missing: { event in
                if event.listedNames.isEmpty { return "" }
                return event.listedNames.contains { $0 == nil } ? ".id" : nil
            },
            put: { value, draft throws(ValidationError) in
                guard let items = value.json.items else { throw value.wrong("a list") }
                draft.set(value.json, at: "people", of: .details)
                draft.labels.numbers.people = items.map { $0["id"]?.integer ?? 0 }
                draft.number(.account, items.first?["organization_id"])
            })
    }
}

extension BodyFallback {
    /// The event's time in the sample's spelling.
    static let microseconds = BodyFallback { .string(RFC3339.microsecondsText($0.event.time.instant)) }
    /// The event's local date.
    static let localDate = BodyFallback { .string(String($0.localTime.prefix(10))) }

    /// The event's time if it has that kind.
    static func time(of kind: Kind) -> BodyFallback {
        BodyFallback { $0.event.kind == kind ? microseconds.value($0) : JSON?.none }
    }
}

extension BodyDraft {
    /// Sets a field of a block, or of an object among the details.
    fileprivate mutating func set(_ value: JSON, at path: [String]) {
        guard let block = path.first.flatMap({ Block(rawValue: $0) }), let name = path.last else { return }
        if path.count == 2 { set(value, at: name, of: block) } else { set(value, at: name, ofDetail: path[1]) }
    }
}

extension BodyView {
    /// The value at a path, even if it is withheld.
    fileprivate func told(_ path: [String]) -> JSON? {
        path.dropFirst().reduce(path.first.flatMap { event.data[$0] }) { value, key in value?[key] }
    }

    /// An object inside a record; its ids are the numbers that the same subjects have everywhere.
    fileprivate func numbered(_ path: [String], as subject: Numbers.Subject) -> JSON? {
        guard var fields = blanked(path)?.object else { return .none }
        for (key, subject) in [("id", subject), ("shift_id", .shift), ("person_id", .person)] {
            guard fields[key] != nil, let number = event.labels.numbers[subject] else { continue }
            fields[key] = .integer(number)
        }
        return .object(OneUpVisionSort.fitted(fields))
    }

    /// The people of a bulk event: objects of `details.people`, each with the number that the same person has in every
    /// other body. Their ids are sent even if the rest is withheld.
    fileprivate var people: [JSONObject] {
        let whole = event.data["details"]?["people"]?.items ?? []
        let kept = blanked(["details", "people"])?.items ?? []
        let numbers = event.labels.numbers.people
        return whole.indices.map { place in
            var object = kept.indices.contains(place) ? kept[place].object ?? JSONObject() : JSONObject()
            let number = numbers.indices.contains(place) ? numbers[place] : 0
            object["id"] = number == 0 ? whole[place]["id"]?.wholeNumber : .integer(number)
            return object
        }
    }
}
