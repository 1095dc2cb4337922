internal import ArgumentParser
internal import Daemon
internal import Envelope
internal import Folders
internal import Foundation
internal import Ledger
internal import LedgerSQLite
internal import Vocabulary

struct BenchLedgerVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-ledger", abstract: "How fast the ledger is, empty and full.", shouldDisplay: false)

    @Option(help: "How many events to fill it with.") var events = 100_000
    @Option(help: "Where to make it; removed afterwards (else a temporary folder).") var folder: String?

    private static let sample = 12_000
    private static let queries = 200

    func run() async throws {
        let parent = folder.map(Premises.absolute) ?? FileManager.default.temporaryDirectory.path
        let root = "\(parent)/waybill-bench-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let crypto = OpenSSLLedgerCrypto()
        let signer = try LedgerKey(key: PrivateKey.generate(.ed25519))
        let ledger = try SQLiteLedger(
            path: "\(root)/ledger.sqlite", agency: AgencyID("bench"), identity: SHA256.digest([]), crypto: crypto,
            signer: signer)
        let generator = try LedgerGenerator(crypto: crypto, start: WallClock.now())
        let figures = try await measure(ledger, generator)
        try await ledger.close()
        let size = (try? FileManager.default.attributesOfItem(atPath: "\(root)/ledger.sqlite"))?[.size] as? Int64
        Terminal.say(JSONText.object(figures + [("bytes", .number(size))]).line)
    }

    private func measure(_ ledger: SQLiteLedger, _ generator: LedgerGenerator) async throws -> [(String, JSONText)] {
        let each = LedgerGenerator.eventsPerDelivery
        var done = 0
        let empty = try await rate(ledger, generator, &done)
        let rest = max(0, events - done * each - Self.sample)
        if rest > 0 { done += try await generator.fill(ledger, events: rest, from: done) / each }
        let full = try await rate(ledger, generator, &done)
        let keys = try await sampleKeys(ledger, generator, done)
        return [
            ("events", .number(Int64(done * each))), ("appendPerSecondEmpty", .number(Int64(empty))),
            ("appendPerSecondFull", .number(Int64(full))),
            (
                "queryByIDMicroseconds",
                try await query(
                    ledger,
                    keys.map { key in
                        var filter = LedgerFilter()
                        filter.id = key.id
                        return filter
                    })
            ),
            (
                "queryBySHA256Microseconds",
                try await query(
                    ledger,
                    numbers(done).map { number in
                        var filter = LedgerFilter()
                        filter.sha256 = generator.digest(number)
                        return filter
                    })
            ),
            (
                "queryByNameMicroseconds",
                try await query(
                    ledger,
                    numbers(done).map { number in
                        var filter = LedgerFilter()
                        filter.name = "minutes of meeting \(number).pdf"
                        return filter
                    })
            ),
        ]
    }

    /// Events a second of `sample` events, many waiting at a time as when files flow.
    private func rate(_ ledger: SQLiteLedger, _ generator: LedgerGenerator, _ done: inout Int) async throws -> Double {
        let start = ContinuousClock.now
        let appended = try await generator.fill(ledger, events: Self.sample, from: done)
        done += appended / LedgerGenerator.eventsPerDelivery
        return Double(appended) / ((ContinuousClock.now - start) / .seconds(1))
    }

    /// Deliveries spread over the whole ledger.
    private func numbers(_ deliveries: Int) -> [Int] {
        (0..<Self.queries).map { ($0 * 7919 + 13) % max(1, deliveries) }
    }

    private func sampleKeys(_ ledger: SQLiteLedger, _ generator: LedgerGenerator, _ done: Int) async throws
        -> [ConsignmentKey]
    {
        var keys: [ConsignmentKey] = []
        for number in numbers(done) {
            var filter = LedgerFilter()
            filter.sha256 = generator.digest(number)
            keys += try await ledger.list(filter, after: nil, limit: 1).map(\.key)
        }
        return keys
    }

    /// p50 and p99, in microseconds.
    private func query(_ ledger: SQLiteLedger, _ filters: [LedgerFilter]) async throws -> JSONText {
        var times: [Int64] = []
        for filter in filters {
            let start = ContinuousClock.now
            let found = try await ledger.list(filter, after: nil, limit: 10)
            times.append(Int64((ContinuousClock.now - start) / .microseconds(1)))
            guard !found.isEmpty else {
                throw Trouble("The bench found nothing.", why: "A query missed its delivery.", fix: "Report this.")
            }
        }
        times.sort()
        return .object([("p50", .number(times[times.count / 2])), ("p99", .number(times[times.count * 99 / 100]))])
    }
}
