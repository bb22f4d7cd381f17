import GatehouseCore
import Testing

/// An answer lists a bounded number of faults, and counts the others.
@Suite struct FaultsTests {
    private static func fault(_ number: Int) -> ValidationError {
        ValidationError(.unknownField, field: "f\(number)", "not known")
    }

    @Test func firstHundredAreListedAndTheRestIsCounted() throws {
        var faults = ValidationErrors()
        var made = 0
        for number in 0..<10_000 {
            func make() -> ValidationError {
                made += 1
                return Self.fault(number)
            }
            faults.append(make())
        }
        #expect(faults.count == 100 && faults.more == 9_900 && made == 100)
        #expect(faults.map(\.field) == (0..<100).map { "f\($0)" })
        #expect(faults.rest == "and 9900 more faults")
        #expect(throws: faults) { try faults.check() }
        #expect(faults.within("owner").last?.field == "owner.f99" && faults.within("owner").more == 9_900)
    }

    @Test func joinedListsKeepTheirCounts() {
        var faults = ValidationErrors((0..<60).map(Self.fault))
        #expect(faults.rest == nil)
        faults.append(contentsOf: ValidationErrors((0..<41).map(Self.fault)))
        #expect(faults.count == 100 && faults.more == 1 && faults.rest == "and 1 more fault")
        faults.append(contentsOf: ValidationErrors((0..<150).map(Self.fault)))
        #expect(faults.count == 100 && faults.more == 151)
        #expect(ValidationErrors((0..<101).map(Self.fault)).more == 1)
    }

    @Test func emptyFaultsThrowNothing() throws { try ValidationErrors().check() }
}
