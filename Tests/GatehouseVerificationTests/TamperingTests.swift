import GatehouseTesting
import GatehouseVerification
import Testing

import struct GatehouseCore.SeededRandom

/// After any change, a signed request no longer verifies. A failure prints its seed, and `GATEHOUSE_SEED` repeats it.
@Suite struct TamperingTests {
    @Test(arguments: Vector.all)
    func noFlippedBitPasses(_ vector: Vector) throws {
        var random = SeededRandom.fresh()
        let verifier = try vector.verifier()
        for _ in 0..<2_000 {
            let request = flipped(vector, using: &random)
            #expect(throws: VerificationError.self, "seed \(random.seed): \(request)") {
                try verifier.verify(request, now: vector.timestamp)
            }
        }
    }

    @Test(arguments: Vector.all)
    func noChangedLengthPasses(_ vector: Vector) throws {
        var random = SeededRandom.fresh()
        let verifier = try vector.verifier()
        for _ in 0..<500 {
            let request = stretched(vector, using: &random)
            #expect(throws: VerificationError.self, "seed \(random.seed): \(request)") {
                try verifier.verify(request, now: vector.timestamp)
            }
        }
    }

    @Test func noRandomSignaturePasses() throws {
        var random = SeededRandom.fresh()
        let vector = Vector.rotated
        let verifier = try vector.verifier()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        for _ in 0..<2_000 {
            let text = String((0..<42).map { _ in alphabet[Int.random(in: 0..<64, using: &random)] })
            // The last symbol has two unused bits, so that only every fourth is well formed.
            let request = vector.request(
                signature: "v1,\(text)\(alphabet[4 * Int.random(in: 0..<16, using: &random)])=")
            #expect(throws: VerificationError.wrongSignature, "seed \(random.seed)") {
                try verifier.verify(request, now: vector.timestamp)
            }
        }
    }

    /// One bit of the id, the timestamp, the signature or the body is different.
    private func flipped(_ vector: Vector, using random: inout SeededRandom) -> ReceivedRequest {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: vector.request(id: flipped(vector.id, using: &random))
        case 1: vector.request(timestamp: flipped(String(vector.timestamp), using: &random))
        case 2 where !vector.body.isEmpty:
            vector.request(body: flipped(vector.body, using: &random))
        default: vector.request(signature: flipped(vector.signature, using: &random))
        }
    }

    private func flipped(_ text: String, using random: inout SeededRandom) -> String {
        String(decoding: flipped(Array(text.utf8), using: &random), as: UTF8.self)
    }

    private func flipped(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        return bytes
    }

    /// A byte is removed or inserted somewhere.
    private func stretched(_ vector: Vector, using random: inout SeededRandom) -> ReceivedRequest {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: vector.request(id: stretched(vector.id, using: &random))
        case 1: vector.request(timestamp: stretched(String(vector.timestamp), using: &random))
        case 2: vector.request(body: stretched(vector.body, using: &random))
        default: vector.request(signature: stretched(vector.signature, using: &random))
        }
    }

    private func stretched(_ text: String, using random: inout SeededRandom) -> String {
        String(decoding: stretched(Array(text.utf8), using: &random), as: UTF8.self)
    }

    private func stretched(_ bytes: [UInt8], using random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        if bytes.isEmpty || Bool.random(using: &random) {
            let byte = UInt8.random(in: 0x21...0x7E, using: &random)
            bytes.insert(byte, at: Int.random(in: 0...bytes.count, using: &random))
        } else {
            bytes.remove(at: Int.random(in: bytes.indices, using: &random))
        }
        return bytes
    }
}
