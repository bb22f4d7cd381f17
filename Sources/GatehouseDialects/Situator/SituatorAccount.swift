internal import GatehouseCore

/// An organization as the contract knows it: an account with a number, and servers with numbers and doors.
struct SituatorAccount {
    let organization: Organization
    let number: Int64
    let doors: [NumberedDoor]

    /// A door by the contract's two numbers.
    struct NumberedDoor {
        let door: Door
        let panel: Panel
        let server: Int64

        /// The door in the settings of a subscription.
        var registered: SituatorSettings.RegisteredDoor {
            SituatorSettings.RegisteredDoor(server: server, number: door.number, door: door.id.text)
        }
    }

    /// Reads an organization, and assigns missing numbers.
    init(of organization: Organization, at context: any ManageContext) async throws {
        let doors = context.doors(of: organization)
        var unnumbered: [PanelID] = []
        for (_, panel) in doors where panel.number == nil && unnumbered.last != panel.id { unnumbered.append(panel.id) }
        let names = unnumbered.map { Numbers.Name(organization.id, .panel, $0.text) }
        let numbers = try await context.numbers(
            of: [Numbers.Name(organization.id, .account, organization.id.text)] + names)
        let given = Dictionary(zip(unnumbered, numbers.dropFirst())) { first, _ in first }
        self.organization = organization
        self.number = numbers.first ?? 0
        self.doors = doors.compactMap { door, panel in
            (panel.number ?? given[panel.id]).map { NumberedDoor(door: door, panel: panel, server: $0) }
        }
    }

    /// The door with those numbers. - Throws: ``ValidationError/Code/notFound`` with the numbers.
    func door(_ number: Int64, of server: Int64) throws(ValidationError) -> NumberedDoor {
        let found = doors.first { $0.server == server && $0.door.number == number }
        guard let found else {
            throw ValidationError(
                .notFound, "there is no door \(number) of server \(server): GET /api/doors lists those that there are")
        }
        return found
    }

    /// The doors that a webhook registered, as `GET …/doors` lists them, without deleted ones.
    func json(doorsOf subscription: Subscription) -> JSON {
        let registered = SituatorSettings.doors(of: subscription.terms)
        let items = registered.compactMap { entry in
            doors.first { candidate in
                entry.door.map { $0.hasBytes(of: candidate.door.id.text) }
                    ?? (entry.server == candidate.server && entry.number == candidate.door.number)
            }
        }
        return .array(items.map(json))
    }

    /// Every door of the account, as `GET /api/doors` lists them: a webhook registers doors by these numbers.
    var allDoors: JSON { .array(doors.map(json)) }

    private func json(_ found: NumberedDoor) -> JSON {
        [
            "doorId": .integer(found.door.number), "name": .string(found.door.name),
            "serverId": .integer(found.server), "serverName": .string(found.panel.name),
            "accountId": .integer(number), "accountName": .string(organization.name), "zoneId": .null,
            "zoneName": .null,
        ]
    }

    /// The configured events that a webhook registered, as `GET …/events` lists them.
    func json(eventsOf subscription: Subscription) -> JSON {
        let events = SituatorSettings.events(of: subscription.terms).compactMap { id in
            SituatorOccurrence.all.first { $0.id == id }
        }
        return .array(
            events.map { event in
                [
                    "eventId": .integer(event.id), "name": .string(event.name), "accountId": .integer(number),
                    "accountName": .string(organization.name),
                ]
            })
    }
}
