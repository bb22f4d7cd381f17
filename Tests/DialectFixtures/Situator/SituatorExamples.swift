internal import Foundation
internal import GatehouseCore

/// The examples that the seed prints, compact, with their placeholders, and our shipped events for them.
enum SituatorExamples {
    static let access = """
        {"type":"access","dateTime":"2019-02-15T17:21:48.1201-02:00","id":1891,"accountId":1000,"zoneId":1001,\
        "serverId":1000,"doorId":1,"personId":1,"direction":1,"authorized":true,"openingType":7,"duress":false,\
        "vehicleId":null,"visitorId":null,"credential":{"number":123,"cardType":1,"value":12345,"wiegand26":"...",\
        "wiegand34":"...","code":"..."}}
        """
    static let occurrence = """
        {"type":"occurrence","dateTime":"...","subtype":1,"id":123,"accountId":1000,"eventId":11,"zoneId":1001,\
        "personId":null,"visitorId":null}
        """
    static let person = """
        {"type":"person","dateTime":"...","subtype":1,"accountId":1000,"personId":31}
        """

    /// By type.
    static let all = ["access": access, "occurrence": occurrence, "person": person]

    /// The shipped event of a type.
    static func shipped(_ type: String) throws -> JSON? {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Examples/events/seeds.jsonl")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).lazy
            .map { try JSONParser.parse(Array($0)) }
            .first { $0["source"]?.text == "/seeds/situator/\(type)" }
    }
}
