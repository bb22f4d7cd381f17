import GatehouseCore
import GatehouseDelivery
import GatehouseTesting
import Testing

/// The duties of every door driver, and the driver settings of doors.
@Suite struct DriverTests {
    private static let table = DriverTable(DoorDrivers.all)

    @Test func everyDriverHasANameOfItsOwn() {
        let names = DoorDrivers.all.map(\.name)
        #expect(Set(names).count == names.count && !names.isEmpty)
    }

    @Test(arguments: DoorDrivers.all.map(\.name))
    func settingUnknownToADriverIsNamed(name: String) {
        let faults = Self.table.faults(in: ["type": .string(name), "colour": "red"])
        #expect(faults.map(\.field) == ["driver.colour"])
        #expect(Self.table.faults(in: ["type": .string(name), "timeout": 99]).map(\.field) == ["driver.timeout"])
        #expect(Self.table.faults(in: ["type": .string(name), "timeout": 30_001]).map(\.field) == ["driver.timeout"])
        #expect(Self.table.faults(in: ["type": .string(name), "timeout": "1"]).map(\.field) == ["driver.timeout"])
        #expect(Self.table.faults(in: ["type": .string(name), "timeout": 100]).isEmpty)
    }

    @Test(
        arguments: [
            (.none, ValidationError.Code.missingField), (1, .wrongType), ("mqtt", .notBuilt),
            ("simulatd", .outOfBounds),
            ("", .outOfBounds),
        ] as [(JSON?, ValidationError.Code)])
    func aDriverThatThereIsNotIsRefusedByName(type: JSON?, code: ValidationError.Code) {
        var settings = JSONObject()
        settings["type"] = type
        let faults = Self.table.faults(in: settings)
        #expect(faults.map(\.code) == [code])
        #expect(faults.map(\.field) == ["driver.type"])
        #expect(code == .wrongType || faults.first?.sentence.contains("simulated") == true)
    }

    @Test(arguments: ["opened", "refused", "none"])
    func theSimulatedDoorAnswersAsItIsSet(answer: String) {
        #expect(Self.table.faults(in: ["type": "simulated", "answer": .string(answer)]).isEmpty)
    }

    @Test(arguments: ["open", 1, .null, ""] as [JSON])
    func anAnswerThatNoDoorGivesIsRefused(answer: JSON) {
        let faults = Self.table.faults(in: ["type": "simulated", "answer": answer])
        #expect(faults.map(\.field) == ["driver.answer"])
    }
}
