internal import Envelope
internal import Synchronization
package import Transport
package import Vocabulary

/// A courier in memory: hands parcels straight to a handler, and can be told to be away.
package final class FakeCourier<Handler: ArrivalHandler>: Courier {
    private let handler: Handler
    private let sender: AgencyID
    private let trouble = Mutex<TryLater?>(nil)

    package init(from sender: AgencyID, to handler: Handler) {
        self.sender = sender
        self.handler = handler
    }

    /// While not nil, every call is answered with this.
    package var away: TryLater? {
        get { trouble.withLock { $0 } }
        set { trouble.withLock { $0 = newValue } }
    }

    package func carry(_ batch: [Outgoing]) async -> [CarryEnd] {
        var ends: [CarryEnd] = []
        for one in batch { ends.append(await CarryEnd { try await hand(one.parcel, from: one.from) }) }
        return ends
    }

    private func hand(_ parcel: any Parcel, from part: Int) async throws -> CarryAnswer {
        if let away { return .tryLater(away) }
        var body = ParcelBytes(parcel, from: part)
        let answer = await handler.receive(parcel.id, from: sender, startingAt: part, body: &body)
        if let error = body.broken { throw error }
        switch answer {
        case .receipt(let bytes, _): return .receipt(bytes)
        case .refusal(let bytes, _): return .refusal(bytes)
        case .problem(let problem): return .tryLater(Self.tryLater(problem))
        }
    }

    package func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] {
        if let away { return ids.map { _ in .tryLater(away) } }
        return await handler.status(of: ids, for: sender).map { status in
            switch status {
            case .receipt(let bytes): .receipt(bytes)
            case .refusal(let bytes): .refusal(bytes)
            case .next(let part): .resume(from: part)
            case .unknown: .unknown
            case .problem(let problem): .tryLater(Self.tryLater(problem))
            }
        }
    }

    package func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? {
        if let away { return away }
        return await handler.take(statement: statement, from: sender).map(Self.tryLater)
    }

    package func fetchCard() async throws(TryLater) -> [UInt8] {
        if let away { throw away }
        return await handler.card()
    }

    package func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer {
        if let away { throw away }
        guard let answer = await handler.addCheckpoint(request, from: sender) else {
            throw TryLater(.busy, "The handler countersigns nothing at the moment.")
        }
        guard let read = WitnessAnswer(status: answer.status, body: answer.body) else {
            throw TryLater(.misunderstood, "The handler answers what no road carries.")
        }
        return read
    }

    package func witnessedCheckpoint() async throws(TryLater) -> String? {
        if let away { throw away }
        return await handler.witnessedCheckpoint(for: sender)
    }

    package func exchanged(since: Instant, after: ConsignmentID?) async throws(TryLater) -> [UInt8] {
        if let away { throw away }
        let page = try? await handler.exchanged(with: sender, since: since, after: after)
        guard let page, page.count <= QuestionBounds.page else {
            throw TryLater(.ours, "The handler cannot tell what was exchanged.")
        }
        return page
    }

    package func settled(_ ids: [ConsignmentID]) async {}
    package func shutdown() async {}

    private static func tryLater(_ problem: Problem) -> TryLater {
        TryLater(problem.kind == .full ? .full : .busy, problem.detail, after: problem.retryAfter)
    }
}

/// A parcel's messages as the bytes of an arrival, one chunk a message.
private struct ParcelBytes: ArrivingBytes {
    private let parcel: any Parcel
    private var rest: ArraySlice<Int>
    private let isCut = Flag()
    private(set) var broken: (any Error)?

    init(_ parcel: any Parcel, from part: Int) {
        self.parcel = parcel
        self.rest = ([0] + stride(from: part, through: parcel.partCount, by: 1))[...]
    }

    var cut: @Sendable () -> Void { { [isCut] in isCut.set() } }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        if isCut.isSet { throw CutShort("cut") }
        guard let index = rest.popFirst() else { return false }
        let message = try await message(index)
        try message.withRawSpan(take)
        return true
    }

    private mutating func message(_ index: Int) async throws(CutShort) -> [UInt8] {
        do {
            return Array(try await parcel.message(index))
        } catch {
            broken = error
            throw CutShort("the parcel broke")
        }
    }
}

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}

/// A batch of one, as most tests have it.
extension Courier {
    /// Rethrows what the parcel throws, and nothing else.
    package func carry(_ parcel: any Parcel, from part: Int) async throws -> CarryAnswer {
        switch await carry([Outgoing(parcel, from: part)]).first {
        case .answered(let answer)?: return answer
        case .broke(let error)?: throw error
        case nil: return .tryLater(.unanswered)
        }
    }
}
