import ExchangeTesting
import Foundation
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Go's `sumdb/note` and `sumdb/tlog` verify what this ledger writes (`Go/verify.go`).
@Suite(.serialized) struct GoTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    private struct Input: Encodable {
        struct Record: Encodable {
            let index: Int64
            var leaf: Data
            var proof: [Data]
        }
        struct Consistency: Encodable {
            let size: Int64
            var root: Data
            var proof: [Data]
        }
        var key: String
        var note: String
        var unverified = 0
        var records: [Record] = []
        var consistency: [Consistency] = []
    }

    private struct NoGo: Error, CustomStringConvertible {
        let description = """
            Go or its x/mod library is missing, so nobody else has verified our proofs. Install them: \
            apt-get install golang-go golang-golang-x-mod-dev
            """
    }

    /// A ledger of 101 events with checkpoints of several sizes on the way.
    private func input() async throws -> Input {
        let ledger = try fixture.open()
        var sizes: [(Int64, Digest)] = []
        for number in 0..<17 {
            try await ledger.append(Array(fixture.generator.delivery(number).prefix(number == 16 ? 5 : 6)))
            let checkpoint = try Checkpoint(body: SignedNote(parsing: Array(try await ledger.checkpoint().utf8)).body)
            sizes.append((checkpoint.size, checkpoint.root))
        }
        let note = try await ledger.checkpoint()
        var input = Input(key: try fixture.noteKey(ledger.origin.description).text, note: note)
        for seq: Int64 in [0, 1, 6, 63, 64, 99, 100] {
            let leaf = try await ledger.reads.run {
                try LeafPage.read($0, from: seq, to: seq + 1).entries[seq]?.leaf ?? []
            }
            let proof = try await ledger.inclusionProof(of: seq, in: 101)
            input.records.append(.init(index: seq, leaf: Data(leaf), proof: proof.map { Data($0.bytes) }))
        }
        for (size, root) in sizes {
            let proof = try await ledger.consistencyProof(from: size, to: 101)
            input.consistency.append(.init(size: size, root: Data(root.bytes), proof: proof.map { Data($0.bytes) }))
        }
        return input
    }

    /// What the Go program says, and whether it verified.
    private func run(_ input: Input) throws -> (said: String, isVerified: Bool) {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Go/verify.go")
        let file = URL(fileURLWithPath: fixture.folder.file("input.json"))
        let encoder = JSONEncoder()
        try encoder.encode(input).write(to: file)
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["go", "run", source.path]
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": fixture.folder.path,
            "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": "", "GOCACHE": fixture.folder.file("cache"),
        ]
        process.standardInput = try FileHandle(forReadingFrom: file)
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus == 127 || said.contains("cannot find package") { throw NoGo() }
        return (said, process.terminationStatus == 0)
    }

    @Test("Go verifies our checkpoint, countersigned or not, our inclusion and our consistency proofs")
    func verified() async throws {
        var input = try await input()
        #expect(try run(input) == (said: "verified 7 17\n", isVerified: true))
        let seen = try SignedNote(parsing: Array(input.note.utf8))
            .countersigned(as: "waybill/harbour/0", by: TestSigner(), at: fixture.start, fixture.crypto)
        (input.note, input.unverified) = (seen.text, 1)
        #expect(try run(input) == (said: "verified 7 17\n", isVerified: true))
    }

    @Test("Go refuses another note, another leaf, another proof and another former root")
    func refused() async throws {
        let input = try await input()
        var changes: [Input] = []
        for number in 0..<4 {
            var other = input
            switch number {
            case 0: other.note = input.note.replacing("\n101\n", with: "\n102\n")
            case 1: other.records[3].leaf.append(0)
            case 2: other.records[4].proof.swapAt(0, 1)
            default: other.consistency[5].root[0] ^= 1
            }
            changes.append(other)
        }
        for other in changes { #expect(try !run(other).isVerified) }
    }
}
