internal import Transport
internal import Vocabulary

/// Questions about ledgers.
extension TransportConformance {
    private static var lines: [UInt8] { Array("— waybill/tees-council/0123456789abcdef AAAAAQ==\n".utf8) }

    func countersigned(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        handler.witness = .countersigned(Self.lines)
        // Hashes and notes are text, but no road may depend on it.
        let request = Array("old 0\n\nwaybill/x\n1\nAAAA\n\n— x AAAA\n".utf8) + [0, 0xff, 0x0a]
        try require(try await ask(request, courier) == handler.witness, "another answer")
        let peer = try AgencyID(Self.sender)
        try require(handler.witnessRequests.allSatisfy { $0.peer == peer && $0.bytes == request }, "another request")
        try require(handler.witnessRequests.count == 1, "asked \(handler.witnessRequests.count) times")
    }

    func witnessAnswers(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let held = [0, 1, Int64.max].map { WitnessAnswer.holds(size: $0) }
        for (number, answer) in (held + WitnessRefusal.allCases.map(WitnessAnswer.refused)).enumerated() {
            handler.witness = answer
            let seen = try await ask(Array("old \(number)\n".utf8), courier)
            try require(seen == answer, "\(seen) instead of \(answer)")
        }
    }

    func witnessBusy(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let request = Array("old 7\n".utf8)
        let said = await Self.refused { () async throws(TryLater) in _ = try await courier.addCheckpoint(request) }
        try require(said?.reason == .busy, "not busy")
        for _ in 0..<100 where handler.witnessRequests.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        try require(handler.witnessRequests.count == 1, "asked \(handler.witnessRequests.count) times")
        handler.witness = .holds(size: 7)
        try require(try await ask(request, courier) == .holds(size: 7), "another answer")
    }

    func witnessed(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        try require(try await courier.witnessedCheckpoint() == nil, "a checkpoint that nobody holds")
        handler.hold("another\n", of: try AgencyID(Self.recipient))
        try require(try await courier.witnessedCheckpoint() == nil, "a checkpoint of somebody else")
        let note = "waybill/x\n1\nAAAA\n\n— waybill/x AAAA\n"
        handler.hold(note, of: try AgencyID(Self.sender))
        try require(try await courier.witnessedCheckpoint() == note, "another checkpoint")
    }

    func exchanged(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let (peer, since) = (try AgencyID(Self.sender), Instant(milliseconds: 1_790_000_000_007))
        let ids = (0..<2).map { _ in TransportTestParcel(parts: 1).id }
        let pages: [[UInt8]] = [[UInt8](repeating: 0x30, count: QuestionBounds.page), [0x30, 0], []]
        for (after, page) in zip([nil, ids[0], ids[1]], pages) {
            handler.layOut(page, for: peer, since: since, after: after)
            let seen = try await courier.exchanged(since: since, after: after)
            try require(seen == page, "\(seen.count) bytes instead of \(page.count)")
        }
        for (number, tooMuch) in [nil, [UInt8](repeating: 0x30, count: QuestionBounds.page + 1)].enumerated() {
            let since = Instant(seconds: Int64(number))
            if let tooMuch { handler.layOut(tooMuch, for: peer, since: since, after: nil) }
            let said = await Self.refused { () async throws(TryLater) in
                _ = try await courier.exchanged(since: since, after: nil)
            }
            try require(said != nil, "a page where the handler cannot tell")
        }
    }

    /// Asks, and where the answer has a way to go asks the same again until it has come.
    private func ask(_ request: [UInt8], _ courier: any Courier) async throws -> WitnessAnswer {
        for _ in 0..<200 {
            var answer: WitnessAnswer?
            let said = await Self.refused { () async throws(TryLater) in
                answer = try await courier.addCheckpoint(request)
            }
            if let answer { return answer }
            try require(said?.reason == .busy && !rig.isLive, "said \(said?.explanation ?? "nothing")")
            try await Task.sleep(for: .milliseconds(50))
        }
        throw wrong("no answer within 10 s")
    }

    private static func refused(_ ask: () async throws(TryLater) -> Void) async -> TryLater? {
        do {
            try await ask()
            return nil
        } catch {
            return error
        }
    }
}
