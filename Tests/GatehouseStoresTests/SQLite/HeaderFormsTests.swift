import GRDB
import GatehouseCore
import HTTPTypes
import Testing

@testable import GatehouseStores

/// Header fields are stored once for all attempts that have the same form, and read back exactly.
@Suite struct HeaderFormsTests {
    private static let values = HeaderValues(
        event: EventID(high: 0x018B_CFE5_6800_7000, low: 1), started: Instant(microseconds: 1_773_216_930_250_001),
        number: 3)

    private static let fields: [[(String, String)]] = [
        [], [("webhook-id", values.event.description), ("webhook-timestamp", "1773216930")],
        [("Date", "2026-03-11T08:15:30Z"), ("Attempt", "3"), ("x", "3"), ("X", ""), ("x", "1")],
        [("odd", #"a "b" \ [1]"#), ("id", "x" + values.event.description), ("x-1", "ação")],
    ]

    @Test(arguments: fields.indices) func fieldsAreReadBackAsTheyWere(_ place: Int) throws {
        var fields = HTTPFields()
        for (name, value) in Self.fields[place] {
            fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        let form = Self.values.form(of: fields)
        #expect(Self.values.fields(of: form) == fields)
        #expect(!form.contains("\"1773216930\"") && !form.contains("\"\(Self.values.event)\""))
    }

    @Test func damagedFormIsNoFields() {
        for form in ["", "{}", "[1]", #"[["a"]]"#, #"[["a",9]]"#, #"[["",""]]"#, #"[["a b","c"]]"#] {
            #expect(Self.values.fields(of: form) == nil, "\(form)")
        }
    }

    /// The fields of one that never comes again fill nothing.
    @Test func formIsStoredWhenItOccursTwice() throws {
        let queue = try DatabaseQueue()
        try SQLiteSchema.migrator.migrate(queue)
        try queue.write { database in
            let forms = HeaderForms()
            try forms.load(database)
            for number in 0..<3000 { #expect(try forms.number(of: "once \(number)", in: database) == nil) }
            #expect(try forms.number(of: "twice", in: database) == nil)
            let number = try #require(try forms.number(of: "twice", in: database))
            #expect(try forms.number(of: "twice", in: database) == number)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM headerForms") == 1)
            let again = HeaderForms()
            try again.load(database)
            #expect(try again.number(of: "twice", in: database) == number)
        }
    }
}
