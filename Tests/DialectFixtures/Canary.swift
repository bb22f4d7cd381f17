internal import GatehouseCore
internal import GatehouseTesting

/// Values that must not be visible above a privacy level, in every place where the table of fields allows such a value.
/// Written from the table's words and not from the filtering code.
enum Canary {
    /// Class C: withheld from level 1 on.
    static let credential = "canary-credential"
    static let credentialNumber = 770_077_007
    /// Class P: withheld at level 2.
    static let person = "canary-person"
    static let personNumber = 880_088_008

    /// What a body may not contain at a level.
    static func banned(at level: PrivacyLevel) -> [String] {
        switch level {
        case .everything: []
        case .noCredentials: [credential, String(credentialNumber)]
        case .noPersons: [credential, String(credentialNumber), person, String(personNumber)]
        }
    }

    /// An event of a kind with every block that the kind may carry, full of canaries.
    static func event(_ kind: Kind, access change: JSON = "entry") -> Event {
        let blocks = Catalogue.row(of: kind).blocks
        let members = data(direction: change).members.filter { member in
            Block(rawValue: member.key).map(blocks.contains) ?? false
        }
        return Building.event(kind, JSONObject(members), number: UInt64(kind.rawValue) + 100)
    }

    private static let c: JSON = .string(credential)
    private static let p: JSON = .string(person)
    private static let cn: JSON = .integer(credentialNumber)
    private static let pn: JSON = .integer(personNumber)

    private static let fullPerson: JSON = [
        "id": "31", "firstName": p, "lastName": p, "name": p, "email": p, "phone": p, "birthDate": p, "photo": p,
        "address": p, "apartment": p,
    ]

    private static func data(direction: JSON) -> JSONObject {
        [
            "panel": "1070000", "door": "lobby", "zone": ["id": "z1", "name": "Hall"], "person": fullPerson,
            "visitor": fullPerson, "vehicle": ["id": "v1", "plate": p, "model": "Kombi", "color": "white"],
            "unit": ["id": "u1", "name": p, "address": p, "apartment": p], "user": fullPerson,
            "credential": [
                "id": "c1", "form": "card", "number": c, "cardType": 1, "value": cn, "wiegand26": cn, "wiegand34": c,
                "code": c, "facilityCode": cn,
            ],
            "access": [
                "direction": direction, "method": "card", "grantedBy": "identifier", "authorized": true, "reason": p,
                "factor": "CARD_OR_PIN", "count": 1, "duress": false,
            ],
            "occurrence": ["id": "o1", "eventId": 4, "typeId": 85, "subtype": 0, "description": p],
            "permission": ["ou": "acme", "role": "reader", "userId": 12, "email": p, "name": p],
            "clientInfo": ["ipAddress": p, "userAgent": p], "visit": ["id": 1, "purpose": p, "host": ["name": p]],
            "details": details,
        ]
    }

    private static let details: JSON = [
        "outcome": "opened", "cardNumber": c, "password": c, "token": c, "qrContent": c, "batteryLevel": 12,
        "CardNumber": c, "Pin": c,
        "pinCode": cn, "badge": c, "accessCode": cn, "credentialNumber": c, "userPINs": [c, cn], "cards": [["any": c]],
        "errorMessage": .string("Bad facility code: \(credentialNumber)"), "homeAddress": p, "resource": ["name": p],
        "prevState": ["pin": c, "deep": [["duressPin": cn, "faceImage": c]], "state": "idle"],
        "newState": [["card_id": cn, "firstName": p, "neverHeardOf": [pn, p]]],
        "person": ["primary_face_image_url": c, "dob": p], "people": [["id": 1, "card_id": c, "first_name": p]],
        "user_name": p, "holderName": p, "body_temp": pn, "licencePlate": p, "ipAddress": p, "text": p,
    ]
}
