import GatehouseCore
import GatehouseTesting
import Testing

/// A made-up noun gets a made-up field by one row, and has it wherever fields are.
@Suite struct FieldTableTests {
    /// What no gateway has.
    struct Lamp: FieldSubject, Equatable {
        struct FieldContext: Sendable {}

        let id: String
        var name = ""
        var isLit = false
        var wire: String?
        var glow: Int64 = 7
        var burst = 1
        var view = PrivacyLevel.everything
    }

    // swift-format-ignore
    private static let old: [FieldRow<Lamp>] = [
        .fixed("id", .text(), "Names it.", "the id cannot change") { .string($0.id) },
        .row("name", \.name, .name, "What people call it.").required(),
        .row("lit",  \.isLit, .flag, "Whether it shines.").taking("Whether it shines; false where it is left out.").always,
        .nullable("wire", \.wire, .wire, "Where it hangs; its place as •••.").going(before: "lit", in: .answer),
    ]
    private static let glow = FieldRow<Lamp>.row("glow", \.glow, .number, "How bright it is.")

    private let before = FieldTable("lamp", old)
    private let table = FieldTable("lamp", old + [glow])
    private let lamp = Lamp(id: "a", name: "Hall", isLit: true, wire: "north:7", glow: 9)

    private func make(_ object: JSONObject, by table: FieldTable<Lamp>) throws(ValidationErrors) -> Lamp {
        var reader = FieldReader(object, by: table, Lamp.FieldContext())
        reader.refuseUnknown()
        return try reader.finish(Lamp(id: "a"))
    }

    private func faults(_ object: JSONObject, by table: FieldTable<Lamp>) -> [ValidationError] {
        do throws(ValidationErrors) {
            _ = try make(object, by: table)
            return []
        } catch {
            return Array(error)
        }
    }

    // MARK: One row, all places

    @Test func fieldWithoutRowIsNowhere() {
        #expect(faults(["name": "Hall", "glow": 9], by: before).map(\.code) == [.unknownField])
        #expect(before.json(lamp)["glow"] == nil && before.stored(lamp)["glow"] == nil)
        #expect(before.names(of: lamp, differingFrom: Lamp(id: "a", name: "Hall", isLit: true, wire: "north:7")) == [])
        #expect(!before.answered.contains { $0.name == "glow" })
    }

    /// A codec reads the field under the name of its row, also where a noun of ours has one of that sort.
    @Test func codecReadsUnderTheNameOfItsRow() throws {
        let burst = FieldRow<Lamp>.row("burst", \.burst, .rate, "How often it may be switched a minute.")
        let level = FieldRow<Lamp>.row("view", \.view, .privacyLevel, "Who may see it.")
        let table = FieldTable("lamp", Self.old + [burst, level])
        let made = try make(["name": "Hall", "burst": 9, "view": 2], by: table)
        #expect(made.burst == 9 && made.view == .noPersons)
        let found = faults(["name": "Hall", "burst": 0, "view": 7], by: table)
        #expect(found.map(\.field) == ["burst", "view"])
        #expect(found.allSatisfy { $0.sentence.hasPrefix($0.field ?? "?") })
    }

    @Test func fieldIsReadAndWritten() throws {
        let made = try make(["id": "a", "name": "Hall", "lit": true, "wire": "north:7", "glow": 9], by: table)
        #expect(made == lamp)
        #expect(table.json(made) == ["id": "a", "name": "Hall", "wire": "north:7", "lit": true, "glow": 9])
        #expect(try make(["name": "Hall"], by: table).glow == 7)
    }

    @Test func fieldFaultIsReportedWithOthers() {
        let found = faults(["lit": 5, "glow": -1, "gloe": 1], by: table)
        #expect(found.map(\.field) == ["gloe", "name", "lit", "glow"])
        #expect(found.map(\.code) == [.unknownField, .missingField, .wrongType, .outOfBounds])
        #expect(found[0].sentence.contains("known: id, name, lit, wire, glow; did you mean \"glow\"?"))
        #expect(found[3].sentence == "glow is a whole number from 0 to 9007199254740991")
    }

    /// Null too names a field that a body cannot set.
    @Test func shownFieldIsUnknownInBodies() {
        let shown = FieldTable("lamp", Self.old + [.described("hours", .count, "How long it shone.")])
        for value: JSON in [nil, 5] {
            let found = faults(["name": "Hall", "hours": value], by: shown)
            #expect(found.map(\.code) == [.unknownField] && found.map(\.field) == ["hours"])
        }
        #expect(shown.answered.contains { $0.name == "hours" } && !shown.drafted.contains { $0.name == "hours" })
    }

    @Test func fieldIsMergedByChange() throws {
        let context = Lamp.FieldContext()
        #expect(try table.change(lamp, by: ["glow": 3], context).glow == 3)
        // Null takes away what may be absent, and leaves what is always there.
        let changed = try table.change(lamp, by: ["glow": nil, "wire": nil, "lit": nil], context)
        #expect(changed == Lamp(id: "a", name: "Hall", isLit: true, wire: nil, glow: 9))
        #expect(throws: ValidationErrors.self) { try table.change(lamp, by: ["id": "b"], context) }
        #expect(try table.change(lamp, by: ["id": "a"], context) == lamp)
    }

    @Test func changeOfFieldIsNamed() {
        var other = lamp
        other.glow = 3
        #expect(table.names(of: other, differingFrom: lamp) == ["glow"])
        #expect(table.decisiveNames(of: other, differingFrom: lamp) == ["glow"])
        let harmless = FieldTable("lamp", Self.old + [Self.glow.harmless])
        #expect(harmless.names(of: other, differingFrom: lamp) == ["glow"])
        #expect(harmless.decisiveNames(of: other, differingFrom: lamp) == [])
    }

    @Test func secretIsMaskedAndShownOnce() {
        #expect(table.json(lamp, .masked)["wire"] == "•••" && table.json(lamp, .masked)["glow"] == 9)
        #expect(table.json(lamp, .revealed)["wire"] == "north:7")
        let once = FieldTable("lamp", Self.old + [Self.glow.once])
        #expect(once.json(lamp, .secrets)["glow"] == 9)
        #expect(once.json(lamp, .revealed)["glow"] == nil && once.json(lamp, .masked)["glow"] == nil)
        #expect(once.stored(lamp)["glow"] == 9)
    }

    @Test func fieldIsStored() {
        let stored = table.stored(lamp)
        #expect(stored == table.json(lamp, .secrets))
        var restored = Lamp(id: "a")
        #expect(table.restore(stored, into: &restored) && restored == lamp)
    }

    /// What was stored before there was the field has its default; what is always stored must be there.
    @Test func fieldNewerThanTheStoreHasItsDefault() {
        var restored = Lamp(id: "a")
        #expect(table.restore(before.stored(lamp), into: &restored))
        #expect(restored.glow == 7 && restored.isLit)
        #expect(!table.restore(["name": "Hall", "glow": 9], into: &restored))
        #expect(!table.restore(["name": "Hall", "lit": "yes"], into: &restored))
        let sound = FieldTable("lamp", Self.old + [Self.glow.sound])
        #expect(!sound.restore(["name": "Hall", "lit": true, "glow": "much"], into: &restored))
        #expect(sound.restore(["name": "Hall", "lit": true], into: &restored))
    }

    @Test func fieldIsDescribed() throws {
        let answered = try #require(Schema.record(table.answered).json["properties"]?["glow"])
        #expect(answered["description"] == "How bright it is." && answered["type"] == "integer")
        let drafted = try #require(Schema.draft(table.drafted).json["properties"]?["glow"])
        #expect(drafted["type"] == ["integer", "null"])
        #expect(Schema.change(table.changed).json["properties"]?["glow"] == drafted)
        #expect(Schema.draft(table.drafted).json["required"] == ["name"])
        #expect(Schema.record(table.answered).json["required"] == ["id", "name", "lit", "wire", "glow"])
        let lit = Schema.draft(table.drafted).json["properties"]?["lit"]
        #expect(lit?["description"] == "Whether it shines; false where it is left out.")
    }

    @Test func unknownFieldsAreCountedBeyondTheBound() {
        let few = FieldTable("lamp", Self.old, toldUnknown: 2)
        let strange = JSONObject([.init("name", "Hall")] + (0..<9).map { .init("no\($0)", 0) })
        var reader = FieldReader(strange, by: few, Lamp.FieldContext())
        reader.refuseUnknown()
        #expect(reader.faults.count == 2 && reader.faults.more == 7)
    }
}

extension FieldCodec where Subject == FieldTableTests.Lamp, Value == String {
    /// A wire's place, which is secret.
    fileprivate static var wire: FieldCodec {
        FieldCodec(.text(), write: { .string($0) }, restore: { $0.text }) { field, _, reader in
            reader.fields.text(field, required: false)
        }.hidden { _ in Mask.text }
    }
}
