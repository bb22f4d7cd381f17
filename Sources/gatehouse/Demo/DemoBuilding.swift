import GatehouseCore

/// The demo's building: an organization with two sites below it, their panels, doors and people.
enum DemoBuilding {
    /// The organization at the top, the owner of keys and subscriptions.
    static let organization = OrganizationID("demo")

    /// One site: an organization of its own with one panel.
    struct Site: Sendable {
        let organization: OrganizationID
        let name: String
        let timeZone: String
        let panel: PanelID
        let number: Int64
        let doors: [Place]
    }

    /// One door with its number at its panel.
    struct Place: Sendable {
        let id: DoorID
        let name: String
        let number: Int64
        /// Whether people enter and leave work through it.
        let isEntrance: Bool

        init(_ id: String, _ name: String, _ number: Int64, isEntrance: Bool = false) {
            self.id = DoorID(id)
            self.name = name
            self.number = number
            self.isEntrance = isEntrance
        }
    }

    /// One person who works there.
    struct Person: Sendable {
        let id: String
        let firstName: String
        let lastName: String
        let card: String
    }

    /// The sites.
    static let sites = [
        Site(
            organization: OrganizationID("demo-tower"), name: "Tower", timeZone: "Europe/Lisbon",
            panel: PanelID("tower-panel"), number: 101,
            doors: [
                Place("tower-lobby", "Lobby", 1, isEntrance: true),
                Place("tower-garage", "Garage", 2, isEntrance: true),
                Place("tower-office", "Office, 3rd floor", 3), Place("tower-archive", "Archive", 4),
                Place("tower-servers", "Server room", 5),
            ]),
        Site(
            organization: OrganizationID("demo-harbour"), name: "Harbour warehouse", timeZone: "America/Sao_Paulo",
            panel: PanelID("harbour-panel"), number: 202,
            doors: [
                Place("harbour-gate", "Gate", 1, isEntrance: true), Place("harbour-hall", "Hall", 2),
                Place("harbour-dock", "Loading dock", 3), Place("harbour-cold", "Cold store", 4),
            ]),
    ]

    /// The people, half of them at each site.
    static let people: [Person] = {
        let names = [
            ("Ana", "Reis"), ("Bruno", "Costa"), ("Carla", "Nunes"), ("Davi", "Rocha"), ("Elena", "Prado"),
            ("Fabio", "Lima"), ("Gilda", "Moura"), ("Hugo", "Teles"), ("Ines", "Vidal"), ("Jonas", "Braga"),
            ("Kira", "Lobo"), ("Luis", "Faria"), ("Marta", "Serra"), ("Nuno", "Pires"), ("Olga", "Matos"),
            ("Paulo", "Dias"),
        ]
        return names.enumerated().map { place, name in
            Person(id: String(31 + place), firstName: name.0, lastName: name.1, card: String(123_456 + 7 * place))
        }
    }()
}
