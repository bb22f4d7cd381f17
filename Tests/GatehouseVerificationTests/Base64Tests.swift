import Foundation
import GatehouseTesting
import Testing

import struct GatehouseCore.SeededRandom

@testable import GatehouseVerification

/// Compared with Foundation's coder, which shares no code with ours.
@Suite struct Base64Tests {
    @Test func encodedBytesAreReadBack() {
        var random = SeededRandom.fresh()
        for count in 0...200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            #expect(Base64.bytes(Data(bytes).base64EncodedString()) == bytes, "seed \(random.seed)")
        }
    }

    @Test func everyByteStringHasOneSpelling() {
        var random = SeededRandom.fresh()
        let alphabet = Array("ABCDwxyz0189+/=-_ \n".utf8)
        var read = 0
        for _ in 0..<20_000 {
            let symbols = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                alphabet[Int.random(in: alphabet.indices, using: &random)]
            }
            let text = String(decoding: symbols, as: UTF8.self)
            guard let bytes = Base64.bytes(text) else { continue }
            read += 1
            #expect(Data(bytes).base64EncodedString() == text, "seed \(random.seed)")
        }
        #expect(read > 100)
    }
}
