import ExchangeTesting
import Synchronization
import Testing
import Transport
import TransportHTTPS
import Vocabulary

/// Endless, and rests once before message `at`.
struct StallingParcel: Parcel {
    let id = ConsignmentID.make(at: Instant(seconds: 1_790_000_000))
    let partCount = Int.max
    let size = Int64.max
    let at: Int
    let rest: Duration

    init(at: Int, for rest: Duration) {
        self.at = at
        self.rest = rest
    }

    func message(_ index: Int) async throws -> ArraySlice<UInt8> {
        if index == at { try await Task.sleep(for: rest) }
        return [UInt8](repeating: 0x30, count: 1 << 20)[...]
    }
}

/// Cuts its only arrival half a second after it began.
final class CuttingHandler: SerialHandler {
    private let seen = Mutex("")
    var why: String { seen.withLock { $0 } }

    func receive(_ next: Arriving, from peer: AgencyID, body: inout some ArrivingBytes) async -> ArrivalAnswer {
        let cut = body.cut
        async let cutting: Void = {
            try? await Task.sleep(for: .milliseconds(500))
            cut()
        }()
        do {
            while try await body.next({ _ in }) {}
        } catch {
            seen.withLock { $0 = (error as? CutShort)?.why ?? "\(error)" }
        }
        await cutting
        return .problem(Problem(.cutShort, "cut"))
    }

    func status(of id: ConsignmentID, for peer: AgencyID) async -> ArrivalStatus { .unknown }
    func take(statement: [UInt8], from peer: AgencyID) async -> Problem? { nil }
    func card() async -> [UInt8] { [] }
    func checkpoint() async throws -> String { "" }
}
