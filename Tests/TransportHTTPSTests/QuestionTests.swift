import ExchangeTesting
import Synchronization
import Testing
import Transport
import TransportHTTPS
import Vocabulary

@Suite("Questions about ledgers", .timeLimit(.minutes(5)))
struct QuestionTests {
    private let handler = TransportTestHandler()
    private let rig = HTTPSRig()

    @Test("any HTTP client sees the answers that C2SP tlog-witness has")
    func plainHTTP() async throws {
        let answers: [(WitnessAnswer?, [String])] = [
            (.holds(size: 42), ["HTTP/1.1 409 ", "text/x.tlog.size", "\r\n\r\n42\n"]),
            (.countersigned(Array("— w AAAA\n".utf8)), ["HTTP/1.1 200 ", "text/plain", "\r\n\r\n— w AAAA\n"]),
            (.refused(.inconsistent), ["HTTP/1.1 422 ", "urn:waybill:witness:inconsistent"]),
            (.refused(.unknownOrigin), ["HTTP/1.1 404 ", "urn:waybill:witness:unknown-origin"]),
            (nil, ["HTTP/1.1 503 ", "retry-after: 60"]),
        ]
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            for (answer, parts) in answers {
                handler.witness = answer
                let head = "POST /v1/add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\nconnection: close"
                let said = try await rig.talk(port, head + "\r\n\r\nold 0\n").lowercased()
                for part in parts { #expect(said.contains(part.lowercased()), "\(part)") }
            }
        }
    }

    @Test(
        "a query that is not the one spelling is malformed",
        arguments: [
            "", "?", "?since=", "?since=2026-11-22", "?since=2026-11-22T10:55:42Z",
            "?since=2026-11-22T10%3A55%3A42.123Z",
            "?since=2026-11-22T10:55:42.123Z&", "?since=2026-11-22T10:55:42.123Z&after=", "?after=x",
            "?since=2026-11-22T10:55:42.123Z&after=../../etc", "?since=2026-11-22T10:55:42.123Z&limit=9",
            "?since=2026-11-22T10:55:42.123Z&after=019aaf3c-0000-7000-8000-000000000000&x=1",
            "?after=019aaf3c-0000-7000-8000-000000000000&since=2026-11-22T10:55:42.123Z",
        ])
    func strictQuery(_ query: String) async throws {
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let line = "GET /v1/exchanged\(query) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
            let said = try await rig.talk(port, line)
            #expect(said.contains("HTTP/1.1 400 "))
        }
    }

    @Test("a question that the handler finds no answer to is the asker's mistake, not trouble of ours")
    func unknownAfter() async throws {
        handler.manner = .problem(Problem(.malformed, "It goes on after what was never exchanged."))
        try await rig.collecting(handler, TestDirectory(TestAgencies.all().police)) { _, port in
            let query = "?since=2026-11-22T10:55:42.123Z&after=019aaf3c-0000-7000-8000-000000000000"
            let said = try await rig.talk(
                port, "GET /v1/exchanged\(query) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            #expect(said.contains("HTTP/1.1 400 "))
        }
    }

    @Test("a request larger than any is refused unread")
    func tooLarge() async throws {
        handler.witness = .holds(size: 1)
        try await rig.around(handler) { courier in
            let large = [UInt8](repeating: 0x30, count: QuestionBounds.request + 1)
            await #expect(throws: TryLater.self) { try await courier.addCheckpoint(large) }
            #expect(handler.witnessRequests.isEmpty)
            let greatest = [UInt8](repeating: 0x30, count: QuestionBounds.request)
            let answer = try await courier.addCheckpoint(greatest)
            #expect(answer == .holds(size: 1))
        }
    }

    @Test("an answer in another shape is not understood, and is no answer")
    func strangeAnswers() async throws {
        let strange: [WitnessAnswer] = [
            .countersigned([]), .countersigned(Array("no line".utf8)), .countersigned(Array("— x AAAA".utf8)),
            .countersigned(Array(String(repeating: "— x AAAA\n", count: 2000).utf8)), .holds(size: -1),
        ]
        try await rig.around(handler) { courier in
            for answer in strange {
                handler.witness = answer
                let error = await #expect(throws: TryLater.self) { try await courier.addCheckpoint([0x30]) }
                #expect(error?.reason == .misunderstood)
            }
            handler.hold(String(repeating: "x", count: QuestionBounds.note + 1), of: try AgencyID("cleveland-police"))
            let error = await #expect(throws: TryLater.self) { try await courier.witnessedCheckpoint() }
            #expect(error?.reason == .misunderstood)
        }
    }

    @Test("a partner removed meanwhile is not taken for one whose ledger is unknown")
    func removed() async throws {
        let all = try TestAgencies.all()
        let directory = TestDirectory(all.police)
        handler.witness = .holds(size: 1)
        try await rig.collecting(handler, directory) { _, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            let answer = try await courier.addCheckpoint([0x30])
            #expect(answer == .holds(size: 1))
            directory.forget(all.police.id)
            let error = await #expect(throws: TryLater.self) { try await courier.addCheckpoint([0x30]) }
            #expect(error?.reason == .notTrusted)
            await #expect(throws: TryLater.self) { try await courier.witnessedCheckpoint() }
            await #expect(throws: TryLater.self) {
                try await courier.exchanged(since: Instant(seconds: 0), after: nil)
            }
            await courier.shutdown()
            #expect(handler.witnessRequests.count == 1)
        }
    }

    @Test("more questions than allowed at a time are answered busy, and arrivals go on")
    func tooMany() async throws {
        let handler = WaitingHandler()
        let all = try TestAgencies.all()
        try await rig.collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try rig.courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            async let first = courier.addCheckpoint([0x30])
            async let second = courier.addCheckpoint([0x31])
            try await eventually { handler.waiting == 2 }
            let error = await #expect(throws: TryLater.self) { try await courier.witnessedCheckpoint() }
            #expect(error?.reason == .busy && error?.after == 1)
            let answer = await courier.enquire(TransportTestParcel(parts: 0).id)
            #expect(answer.isUnknown)
            handler.goOn()
            let answers = try await [first, second]
            #expect(answers == [.holds(size: 1), .holds(size: 1)])
            let held = try await courier.witnessedCheckpoint()
            #expect(held == nil)
            await courier.shutdown()
        }
    }
}

/// Answers requests to countersign once it is told to go on.
private final class WaitingHandler: SerialHandler {
    private let waiters = Mutex<[CheckedContinuation<Void, Never>]>([])
    var waiting: Int { waiters.withLock { $0.count } }
    func goOn() { for waiter in waiters.withLock({ $0 }) { waiter.resume() } }

    func addCheckpoint(_ request: [UInt8], from peer: AgencyID) async -> WitnessAnswer? {
        await withCheckedContinuation { continuation in waiters.withLock { $0.append(continuation) } }
        return .holds(size: 1)
    }

    func receive(_ next: Arriving, from peer: AgencyID, body: inout some ArrivingBytes) async -> ArrivalAnswer {
        .problem(Problem(.busy, "Not here."))
    }
    func status(of id: ConsignmentID, for peer: AgencyID) async -> ArrivalStatus { .unknown }
    func take(statement: [UInt8], from peer: AgencyID) async -> Problem? { nil }
    func card() async -> [UInt8] { [] }
    func checkpoint() async throws -> String { "" }
}
