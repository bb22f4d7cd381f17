internal import GatehouseCore
import Testing

@testable internal import DialectFixtures

/// The duties of every vendor's dialect: it reads bodies, and reports what it cannot read.
@Suite struct ParserConformanceTests {
    @Test(arguments: Spoken.all)
    func bodyThatIsNotAJSONObjectIsMalformed(_ spoken: Spoken) {
        for text in ["", "{", "[]", "null", "hello", #"{"a":1,"a":2}"#, #"{"a":1}x"#] {
            #expect(complaint(about: text, in: spoken)?.code == .malformed, "\(text)")
        }
    }

    @Test(arguments: Spoken.all)
    func emptyObjectIsRefusedWithAField(_ spoken: Spoken) {
        #expect(complaint(about: "{}", in: spoken)?.code == .missingField)
        #expect(complaint(about: "{}", in: spoken)?.field != nil)
    }

    @Test(arguments: Spoken.all.filter { !$0.namesInHeader })
    func unknownNameIsRefused(_ spoken: Spoken) throws {
        let field = try #require(complaint(about: "{}", in: spoken)?.field)
        let body = JSON.object(JSONObject([.init(field, "no such name")])).compact
        #expect(complaint(about: body, in: spoken)?.code == .unknownKind)
        #expect(complaint(about: body, in: spoken)?.field == field)
    }

    private func complaint(about text: String, in spoken: Spoken) -> ValidationError? {
        do throws(ValidationError) {
            _ = try spoken.dialect.parse(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }
}
