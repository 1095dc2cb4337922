internal import ArgumentParser
internal import Envelope
internal import ExchangeTesting
internal import Folders
internal import Foundation
internal import Ledger
internal import LedgerSQLite
internal import Premises
internal import Vocabulary

struct BenchLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "How fast the ledger is, empty and full.")

    @Option(help: "How many events to fill it with.") var events = 100_000
    @Option(help: "Where to make it; removed afterwards (else a temporary folder).") var folder: String?

    private static let sample = 12_000

    func run() async throws {
        let parent = folder.map(InstalledAgency.absolute) ?? FileManager.default.temporaryDirectory.path
        let root = "\(parent)/waybill-bench-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let crypto = OpenSSLLedgerCrypto()
        let signer = try LedgerKey(key: PrivateKey.generate(.ed25519))
        let path = "\(root)/ledger.sqlite"
        let ledger = try SQLiteLedger(
            path: path, of: LedgerOwner(AgencyID("bench"), SHA256.digest([])), crypto: crypto, signer: signer)
        let generator = try LedgerGenerator(crypto: crypto, start: WallClock.now(), dutyEvery: 10)
        var figures = try await fill(ledger, generator)
        let deliveries = Int(try await ledger.counts()[.sent]?[.delivered] ?? 0)
        figures += try await LedgerQueries(ledger: ledger, generator: generator, deliveries: deliveries).measure()
        figures += try await copy(ledger, generator, to: "\(root)/backup.sqlite", from: deliveries)
        try await ledger.close()
        let size = Self.size(path)
        let reader = try LedgerReader(path: path, crypto: crypto)
        let (report, seconds) = try await Self.check(reader, crypto, signer)
        figures += [
            ("checkSeconds", .integer(seconds)), ("checkedEvents", .integer(report.events)), ("bytes", .integer(size)),
            ("bytesPerDelivery", .integer(size / Int64(max(1, report.consignments)))),
        ]
        print(JSON.object(Dictionary(uniqueKeysWithValues: figures)).text)
    }

    private func fill(_ ledger: SQLiteLedger, _ generator: LedgerGenerator) async throws -> [(String, JSON)] {
        let each = LedgerGenerator.eventsPerDelivery
        var done = 0
        let empty = try await rate(ledger, generator, &done)
        let rest = max(0, events - done * each - Self.sample)
        let start = ContinuousClock.now
        if rest > 0 { done += try await generator.fill(ledger, events: rest, from: done) / each }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let full = try await rate(ledger, generator, &done)
        return [
            ("events", .integer(Int64(done * each))), ("appendPerSecondEmpty", .integer(Int64(empty))),
            ("appendPerSecondOnTheWay", .integer(Int64(Double(rest) / max(seconds, 0.001)))),
            ("appendPerSecondFull", .integer(Int64(full))),
        ]
    }

    /// Events a second of `sample` events, many waiting at a time as when files flow.
    private func rate(_ ledger: SQLiteLedger, _ generator: LedgerGenerator, _ done: inout Int) async throws -> Double {
        let start = ContinuousClock.now
        let appended = try await generator.fill(ledger, events: Self.sample, from: done)
        done += appended / LedgerGenerator.eventsPerDelivery
        return Double(appended) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// An online backup, with one delivery after another being appended meanwhile.
    private func copy(
        _ ledger: SQLiteLedger, _ generator: LedgerGenerator, to path: String, from first: Int
    ) async throws -> [(String, JSON)] {
        let start = ContinuousClock.now
        let appended = try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask {
                try await LedgerBackup.write(ledger, to: path)
                return nil
            }
            group.addTask {
                var count = 0
                while !Task.isCancelled {
                    try await ledger.append(generator.delivery(first + count))
                    count += 1
                }
                return count
            }
            _ = try await group.next()
            group.cancelAll()
            return try await group.next() ?? 0
        }
        let seconds = Int64((ContinuousClock.now - start) / .seconds(1))
        let crypto = OpenSSLLedgerCrypto()
        let report = try await LedgerCheck(LedgerReader(path: path, crypto: crypto), crypto: crypto).run()
        try Self.require(report, "The backup")
        return [
            ("backupSeconds", .integer(seconds)), ("appendedMeanwhile", .integer(Int64((appended ?? 0) * 6))),
            ("backupEvents", .integer(report.events)),
        ]
    }

    private static func check(
        _ reader: LedgerReader, _ crypto: OpenSSLLedgerCrypto, _ signer: LedgerKey
    ) async throws -> (LedgerReport, Int64) {
        let start = ContinuousClock.now
        let report = try await LedgerCheck(reader, crypto: crypto, publicKey: signer.publicKey)
            .run()
        try require(report, "The ledger")
        return (report, Int64((ContinuousClock.now - start) / .seconds(1)))
    }

    private static func require(_ report: LedgerReport, _ what: String) throws {
        if let problem = report.problems.first {
            throw BenchTrouble(description: "\(what) of the bench is not sound: \(problem)")
        }
    }

    private static func size(_ path: String) -> Int64 {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int64 ?? 0
    }
}
