internal import FoundationEssentials
internal import HTTPTypes

/// How a delivery authenticates to its receiver, besides its signature.
public enum Authentication: Hashable, Sendable {
    /// No authentication.
    case none
    /// A name and a password (RFC 7617).
    case basic(user: String, password: Secret)
    /// A token that the receiver issued (RFC 6750).
    case bearer(token: Secret)

    /// The names of the members that they have in the native API.
    static let members = ["type", "user", "password", "token"]

    /// Their names in the native API.
    public static let types = ["none", "basic", "bearer"]

    /// The header field; nil without authentication.
    var field: HTTPField? {
        switch self {
        case .none: nil
        case .basic(let user, let password):
            HTTPField(
                name: .authorization, value: "Basic " + Data("\(user):\(password.revealed)".utf8).base64EncodedString())
        case .bearer(let token): HTTPField(name: .authorization, value: "Bearer " + token.revealed)
        }
    }

    /// The form of the native API, with all secrets.
    var json: JSONObject {
        switch self {
        case .none: JSONObject([.init("type", "none")])
        case .basic(let user, let password):
            JSONObject([
                .init("type", "basic"), .init("user", .string(user)), .init("password", .string(password.revealed)),
            ])
        case .bearer(let token): JSONObject([.init("type", "bearer"), .init("token", .string(token.revealed))])
        }
    }
}

extension Authentication {
    /// Reads the form of the native API.
    ///
    /// - Throws: the first fault, with its member.
    init(json object: JSONObject) throws(ReadError) {
        let type = object["type"]?.text
        let known: [String]
        switch type {
        case "none": known = []
        case "basic": known = ["user", "password"]
        case "bearer": known = ["token"]
        default: throw ReadError(member: "type", sentence: #"type takes "none", "basic" or "bearer""#)
        }
        if let stranger = object.members.first(where: { $0.key != "type" && !known.contains($0.key) }) {
            let other = stranger.key == "token" ? "bearer" : "basic"
            throw ReadError(
                member: stranger.key,
                sentence: "authentication of the type \(type ?? "") has no \(stranger.key): name the type that has it, "
                    + #""type": "\#(other)""#)
        }
        switch type {
        case "basic": self = try Self.basic(object)
        case "bearer": self = .bearer(token: try Self.token(object["token"]))
        default: self = .none
        }
    }

    /// The fault of one member of the object.
    struct ReadError: Error, Hashable {
        let member: String
        let sentence: String
    }

    private static func basic(_ object: JSONObject) throws(ReadError) -> Authentication {
        guard let user = object["user"]?.text, (1...255).contains(user.utf8.count), !user.utf8.contains(0x3A),
            isPrintable(user)
        else {
            throw ReadError(
                member: "user", sentence: "user takes 1 to 255 bytes without a colon and control characters")
        }
        guard let password = object["password"]?.text, (1...255).contains(password.utf8.count), isPrintable(password)
        else {
            throw ReadError(member: "password", sentence: "password takes 1 to 255 bytes without control characters")
        }
        return .basic(user: user, password: Secret(password))
    }

    /// RFC 6750 section 2.1 allows exactly these characters in a token.
    private static func token(_ value: JSON?) throws(ReadError) -> Secret {
        guard let token = value?.text, (1...4096).contains(token.utf8.count), token.utf8.allSatisfy(isOfToken) else {
            throw ReadError(
                member: "token", sentence: "token takes 1 to 4096 letters, digits and -._~+/= (RFC 6750 section 2.1)")
        }
        return Secret(token)
    }

    private static func isPrintable(_ text: String) -> Bool {
        !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }

    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x2F, 0x3D, 0x5F, 0x7E: true
        default: false
        }
    }
}
