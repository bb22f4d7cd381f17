internal import Foundation
internal import GatehouseCore
internal import GatehouseVerification
import Testing

@testable internal import GatehouseDialects
@testable internal import gatehouse

/// A dialect is registered once, in `Dialects.all`. This suite compares all other lists of dialects with that one, so
/// it names what is missing for a new vendor.
@Suite struct DialectRegistryTests {
    private static let names = Set(Dialects.all.map(\.name.text))
    private static let manageable = Set(Dialects.all.filter { $0.manage != nil }.map(\.name.text))

    @Test func everyDialectIsRegisteredOnce() {
        #expect(Self.names.count == Dialects.all.count)
    }

    @Test func everyDialectIsVerified() {
        #expect(Set(VerificationDialect.allCases.map(\.rawValue)) == Self.names)
    }

    @Test func everyDialectHasAReceiverInTheDemo() {
        #expect(Set(DemoReceiver.all.map(\.dialect.name.text)) == Self.names)
        for receiver in DemoReceiver.all { #expect(receiver.verification.rawValue == receiver.dialect.name.text) }
    }

    @Test func everyVendorsAPIIsTestedByItsClient() {
        #expect(Set(VendorClient.all.map(\.name)) == Self.manageable)
    }

    @Test(arguments: Dialects.all.map(\.name.text))
    func everyDialectHasAPage(_ name: String) {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/dialects")
        #expect(FileManager.default.fileExists(atPath: root.appending(path: "\(name).md").path))
    }
}
