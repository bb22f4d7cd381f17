import GatehouseVerification
import Testing

/// The three headers must each occur exactly once, in upper or lower case.
@Suite struct HeaderTests {
    static let names = ["webhook-id", "webhook-timestamp", "webhook-signature"]

    @Test(arguments: names)
    func aMissingHeaderIsNamed(_ name: String) throws {
        var request = Vector.rotated.request
        request.headers.removeAll { $0.name.lowercased() == name }
        expect(.missingHeader(name), for: request)
    }

    @Test(arguments: names)
    func anEmptyHeaderIsNamed(_ name: String) throws {
        var request = Vector.rotated.request
        for index in request.headers.indices where request.headers[index].name.lowercased() == name {
            request.headers[index].value = ""
        }
        expect(.emptyHeader(name), for: request)
    }

    @Test(arguments: names, [true, false])
    func aSecondLineIsRefusedEvenWithTheSameValue(_ name: String, inFront: Bool) throws {
        var request = Vector.rotated.request
        let line = try #require(request.headers.first { $0.name.lowercased() == name })
        request.headers.insert((name: name.uppercased(), value: line.value), at: inFront ? 0 : request.headers.count)
        expect(.repeatedHeader(name), for: request)
    }

    @Test func otherHeadersAreOfNoInterest() throws {
        let vector = Vector.rotated
        var request = vector.request
        request.headers =
            request.headers.reversed() + [(name: "webhook-signature-old", value: "v1,"), (name: "", value: "")]
        #expect(try vector.verifier().verify(request, now: vector.timestamp).id == vector.id)
    }

    private func expect(_ reason: VerificationError, for request: ReceivedRequest) {
        #expect(throws: reason) {
            try Vector.rotated.verifier().verify(request, now: Vector.rotated.timestamp)
        }
    }
}
