import Envelope
import Foundation
import Testing
import Vocabulary

/// Figures, never a threshold. `WAYBILL_BENCH=1 swift test -c release --filter ThroughputBench`
@Suite(.enabled(if: ProcessInfo.processInfo.environment["WAYBILL_BENCH"] != nil, "a benchmark"), .serialized)
struct ThroughputBench {
    let agency: Agency
    let bind: Digest

    init() throws {
        agency = try Agency()
        bind = try Digest(Random.bytes(32))
    }

    func report(_ what: String, bytes: Int = 0, times: Int, _ body: () throws -> Void) rethrows {
        try body()
        // Time of the processor, not of the wall: other work on the machine does not count.
        let start = clock()
        for _ in 0..<times { try body() }
        let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
        let each = String(format: "%.1f us", seconds / Double(times) * 1e6)
        let rate = bytes > 0 ? String(format: ", %.2f GB/s", Double(bytes * times) / seconds / 1e9) : ""
        print("bench: \(what): \(each)\(rate)")
    }

    @Test("sealing and opening", arguments: [0, 4096, 65_536, 262_144, 1 << 20, 4 << 20])
    func parts(size: Int) throws {
        let (sealer, opener) = try (agency.sealer(), agency.opener())
        let times = size > 100_000 ? 300 : 2000
        let message = try sealer.sealPart(bind: bind, index: 1, length: size) { _ in }
        try report("seal \(size)", bytes: size, times: times) {
            _ = try sealer.sealPart(bind: bind, index: 1, length: size) { _ in }
        }
        var copies = (0...times).map { _ in message + [] }
        for i in copies.indices { copies[i].append(0); copies[i].removeLast() }
        try report("open \(size)", bytes: size, times: times) {
            _ = try opener.openPart(copies.removeLast(), bind: bind, index: 1, length: size)
        }
    }

    @Test("signing, verifying, hashing, cutting")
    func others() throws {
        let signer = try agency.signer()
        let content = Random.bytes(2000)
        let statement = try signer.sign(content, at: agency.now)
        try report("sign 2000", times: 2000) { _ = try signer.sign(content, at: agency.now) }
        try report("verify 2000", times: 2000) {
            _ = try StatementVerifier.verify(statement, identity: agency.identity, role: .signing, at: agency.now)
        }
        let bytes = Random.bytes(1 << 20)
        report("sha256 1 MiB", bytes: bytes.count, times: 300) { _ = SHA256.digest(bytes) }
        report("sha256 64", times: 20_000) { _ = SHA256.digest(bytes[0..<64]) }
        let waybill = try agency.sealer().sealWaybill(content)
        let part = try agency.part(Array(bytes), bind: bind)
        var stream = DERStream()
        var offset = 0
        _ = try stream.next(in: waybill.span, at: &offset)
        stream.expectParts(1000, ofSize: 1 << 20)
        try report("stream 1 MiB in 64 KiB pieces", bytes: part.count, times: 300) {
            for start in stride(from: 0, to: part.count, by: 65_536) {
                let end = min(start + 65_536, part.count)
                var offset = 0
                _ = try stream.next(in: part[start..<end].span, at: &offset)
            }
        }
    }
}
