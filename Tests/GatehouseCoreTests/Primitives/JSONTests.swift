import GatehouseCore
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1.50", "1e10", "-1.5E-3", "12345678901234567890", "\"\"", "[]", "{}",
        #"{"b":1,"a":[1,2,{"c":null}]}"#, #""\"\\\/\b\f\n\r\t""#, #""\u00e9\ud83d\ude00""#, " [ 1 , 2 ] ",
    ])
    func parserAcceptsWhatRFC8259Allows(text: String) throws {
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(try JSONParser.parse(value.bytes) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "01", "1.", ".5", "-", "+1", "1e", "1e+", "NaN", "'a'", "\"", "\"\u{1}\"", #""\x""#,
        #""\u12""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "[", "[1", "[1,", "[1,]", "{", #"{"a""#, #"{"a":"#,
        #"{"a":1,}"#, "{a:1}", #"{"a":1 "b":2}"#, "[1] 2", #"{"a":1,"a":2}"#, "\u{FEFF}1",
    ])
    func refusesWhatRFC8259DoesNot(text: String) {
        #expect(throws: JSONParser.ParseError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func parserRefusesBytesThatAreNotUTF8() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xEF]] {
            #expect(throws: JSONParser.ParseError.self) { try JSONParser.parse(bytes) }
        }
    }

    @Test func depthIsLimited() throws {
        let nested = { (depth: Int) in
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(32)) }
        do {
            _ = try JSONParser.parse(nested(33))
            Issue.record("33 levels were taken")
        } catch {
            #expect(error.isTooLarge)
        }
        #expect(throws: JSONParser.ParseError.self) { try JSONParser.parse(nested(100_000)) }
    }

    @Test func keyOccursOnceEvenInALargeObject() {
        let members = (0..<40).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        #expect(throws: Never.self) { try JSONParser.parse(Array("{\(members)}".utf8)) }
        #expect(throws: JSONParser.ParseError.self) { try JSONParser.parse(Array("{\(members),\"k39\":1}".utf8)) }
    }

    @Test func memberCountIsLimited() throws {
        func object(_ count: Int) -> [UInt8] {
            Array(("{" + (0..<count).map { "\"k\($0)\":0" }.joined(separator: ",") + "}").utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(object(JSONParser.mostMembers)) }
        do {
            _ = try JSONParser.parse(object(JSONParser.mostMembers + 1))
            Issue.record("it was taken")
        } catch {
            #expect(error.isTooLarge && error.sentence.contains("\(JSONParser.mostMembers)"))
        }
        #expect(throws: Never.self) { try JSONParser.parse(object(JSONParser.mostMembers + 1), memberLimit: .max) }
    }

    /// An object of any size behaves like a plain list of members.
    @Test(arguments: [UInt64](1...20))
    func objectOfAnySizeBehavesLikeAList(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var object = JSONObject()
        var list: [(key: String, value: JSON)] = []
        for step in 0..<300 {
            let key = "k\(Int.random(in: 0..<40, using: &random))"
            let value: JSON? = Int.random(in: 0..<4, using: &random) == 0 ? nil : .integer(step)
            object[key] = value
            switch (list.firstIndex { $0.key == key }, value) {
            case (let place?, let value?): list[place].value = value
            case (let place?, nil): list.remove(at: place)
            case (nil, let value?): list.append((key, value))
            case (nil, nil): break
            }
            #expect(object.members.map(\.key) == list.map(\.key), "seed \(seed), step \(step)")
            for key in 0..<40 { #expect(object["k\(key)"] == list.first { $0.key == "k\(key)" }?.value) }
        }
        #expect(JSONObject(object.members) == object && JSONObject(object.members).hashValue == object.hashValue)
    }

    @Test(
        arguments: [
            (#"{"a":{"b":["x","•••"]}}"#, "a.b[1]"), (#"["•••"]"#, "[0]"),
            (#"{"a":"%E2%80%A2%E2%80%A2%E2%80%A2"}"#, "a"),
            (#"{"a":"b"}"#, nil), (#"[{"a":[[{"b":"•••"}]]}]"#, "[0].a[0][0].b"),
        ] as [(String, String?)])
    func theMaskIsFoundAtItsPlace(text: String, place: String?) throws {
        #expect(Mask.place(in: try JSONParser.parse(Array(text.utf8))) == place)
    }

    @Test func orderAndSpellingAreKept() throws {
        let text = #"{"z":1.50,"a":{"y":1e5,"b":-0},"m":[0.10,1E+2]}"#
        #expect(try JSONParser.parse(Array(text.utf8)).compact == text)
    }

    @Test(arguments: [UInt64](1...40))
    func writtenValueReadsBackEqual(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<100 {
            let value = Self.value(depth: 0, using: &random)
            let bytes = value.bytes
            let again = try JSONParser.parse(bytes)
            #expect(again == value)
            #expect(again.bytes == bytes)
        }
    }

    /// Damaged text never crashes the parser, and everything that it still accepts is written in a way that reads back
    /// equal.
    @Test(arguments: [UInt64](1...40))
    func damagedTextIsRefusedOrReadsBackEqual(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            var bytes = Self.value(depth: 0, using: &random).bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
                }
            }
            guard let value = try? JSONParser.parse(bytes) else { continue }
            #expect(try JSONParser.parse(value.bytes) == value)
        }
    }

    @Test func everyPrefixOfATextIsRefused() throws {
        let whole = Array(#"{"a":[1,"two\n",{"b":null}],"c":-1.5e3}"#.utf8)
        for length in 0..<whole.count {
            #expect(throws: JSONParser.ParseError.self) { try JSONParser.parse(Array(whole[..<length])) }
        }
    }

    private static func value(depth: Int, using random: inout SeededRandom) -> JSON {
        switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: return .fraction(Double.random(in: -1e6...1e6, using: &random))
        case 4: return .string(text(using: &random))
        case 5:
            return .array(
                (0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth: depth + 1, using: &random) })
        default:
            return .object(
                JSONObject(
                    (0..<Int.random(in: 0..<20, using: &random)).map { place in
                        .init("\(place)" + text(using: &random), value(depth: depth + 1, using: &random))
                    }))
        }
    }

    private static func text(using random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0..<12, using: &random) {
            let limit: UInt32 = Bool.random(using: &random) ? 0x80 : 0x11_0000
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
