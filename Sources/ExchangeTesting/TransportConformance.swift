package import Transport

/// A courier joined to a running collector.
package protocol TransportRig: Sendable {
    /// Whether the handler is reached while the courier waits. A folder only carries: parts cannot be resumed, the handler's
    /// half-known states stay at the far end, and nothing waits for the reader.
    var isLive: Bool { get }

    /// Runs `body` with a courier of `TransportConformance.sender` whose parcels arrive at `handler`.
    func around(_ handler: TransportTestHandler, _ body: (any Courier) async throws -> Void) async throws
}

/// One suite for all transports. Each case throws `Nonconformance` with what was seen instead.
package struct TransportConformance<Rig: TransportRig>: Sendable {
    package struct Nonconformance: Error, CustomStringConvertible {
        package let description: String
    }

    let rig: Rig

    package init(_ rig: Rig) { self.rig = rig }

    /// Half-known states, and questions that somebody waits for, exist only where the handler is asked directly.
    package static func applies(_ testCase: TransportCase, to rig: Rig) -> Bool {
        rig.isLive || ![.resume, .enquiryNext, .witnessed, .exchanged].contains(testCase)
    }

    package func check(_ testCase: TransportCase) async throws {
        let handler = TransportTestHandler()
        try await rig.around(handler) { courier in try await run(testCase, handler, courier) }
    }

    private func run(_ testCase: TransportCase, _ handler: TransportTestHandler, _ courier: any Courier) async throws {
        switch testCase {
        case .receipt: try await arrives(TransportTestParcel(parts: 3), handler, courier)
        case .empty: try await arrives(TransportTestParcel(parts: 0), handler, courier)
        case .batch: try await batch(handler, courier)
        case .large: try await large(handler, courier)
        case .replay: try await replay(handler, courier)
        case .refusal, .enquiryRefusal: try await refusal(handler, courier)
        case .problem: try await problem(handler, courier)
        case .resume: try await resume(handler, courier)
        case .parcelError: try await parcelError(handler, courier)
        case .enquiryUnknown: try await unknown(courier)
        case .enquiryReceipt: try await enquiryReceipt(handler, courier)
        case .enquiryNext: try await next(handler, courier)
        case .statement: try await statement(handler, courier)
        case .card: try await card(courier)
        case .countersigned: try await countersigned(handler, courier)
        case .witnessAnswers: try await witnessAnswers(handler, courier)
        case .witnessBusy: try await witnessBusy(handler, courier)
        case .witnessed: try await witnessed(handler, courier)
        case .exchanged: try await exchanged(handler, courier)
        }
    }

    private func arrives(_ parcel: TransportTestParcel, _ handler: TransportTestHandler, _ courier: any Courier)
        async throws
    {
        try await expectReceipt(parcel, courier)
        try require(handler.arrivals.count == 1, "\(handler.arrivals.count) arrivals instead of 1")
        let whole = handler.arrivals.first
        try require(whole?.id == parcel.id && whole?.firstPart == 1, "another id or part")
        try require(whole?.bytes == parcel.wire(from: 1), "other bytes arrived")
    }

    /// While the handler reads nothing, the sender must come to rest: buffers on the way hold a part of 40 MiB only.
    private func large(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let parcel = TransportTestParcel(parts: 40)
        if rig.isLive { handler.manner = .slow(.seconds(1)) }
        async let delivered: Void = arrives(parcel, handler, courier)
        if rig.isLive {
            try await Task.sleep(for: .milliseconds(900))
            let ahead = parcel.produced.count
            try require(ahead < 32, "the sender ran \(ahead) MiB ahead")
            handler.manner = .receipts
        }
        try await delivered
        try require(parcel.produced == Array(0...40), "the messages were not produced once each in order")
    }

    private func replay(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let parcel = TransportTestParcel(parts: 2)
        try await expectReceipt(parcel, courier)
        try await expectReceipt(parcel, courier)
        try require(handler.arrivals.count == 1, "delivered \(handler.arrivals.count) times")
    }

    private func refusal(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        handler.manner = .refuses
        let parcel = TransportTestParcel(parts: 1)
        let expected = TransportTestHandler.refusal(for: parcel.id)
        guard case .refusal(expected) = try await settle(parcel, courier) else { throw wrong("no refusal, or another") }
        guard case .refusal(expected) = await courier.enquire(parcel.id) else { throw wrong("none on enquiry") }
    }

    private func problem(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        handler.manner = .problem(Problem(.full, "No space is left.", retryAfter: 7))
        let parcel = TransportTestParcel(parts: 1)
        switch try await courier.carry(parcel, from: 1) {
        case .tryLater(let later) where rig.isLive:
            try require(later.reason == .full && later.after == 7, "said \(later.reason), \(later.after ?? 0) s")
        case .carried where !rig.isLive: try await Task.sleep(for: .milliseconds(300))
        case let other: throw wrong("answered \(other)")
        }
        try require(handler.arrivals.isEmpty, "delivered in spite of the problem")
        handler.manner = .receipts
        try await expectReceipt(parcel, courier)
    }

    private func resume(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let parcel = TransportTestParcel(parts: 5)
        guard case .receipt = try await courier.carry(parcel, from: 4) else { throw wrong("no receipt") }
        try require(parcel.produced == [0, 4, 5], "produced \(parcel.produced)")
        try require(handler.arrivals.first?.firstPart == 4, "the handler was told another part")
        try require(handler.arrivals.first?.bytes == parcel.wire(from: 4), "other bytes arrived")
    }

    private func parcelError(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        for (parts, breaksAt) in [(6, 4), (1, 0), (1, 1)] {
            let parcel = TransportTestParcel(parts: parts, breaksAt: breaksAt)
            do {
                let answer = try await courier.carry(parcel, from: 1)
                throw wrong("answered \(answer)")
            } catch is TransportTestParcel.Changed {}
        }
        try await Task.sleep(for: .milliseconds(200))
        try require(handler.arrivals.isEmpty, "a broken parcel was delivered")
    }

    private func batch(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let parcels = [nil, nil, 1, nil].map { TransportTestParcel(parts: 1, partSize: 5000, breaksAt: $0) }
        let ends = await courier.carry(parcels.map { Outgoing($0) })
        try require(ends.count == parcels.count, "\(ends.count) ends of \(parcels.count)")
        for (end, parcel) in zip(ends, parcels) {
            switch end {
            case .answered(.receipt(TransportTestHandler.receipt(for: parcel.id))) where rig.isLive: break
            case .answered(.carried) where !rig.isLive: break
            case .broke(is TransportTestParcel.Changed) where parcel === parcels[2]: break
            default: throw wrong("ended \(end)")
            }
        }
        let sound = [parcels[0], parcels[1], parcels[3]]
        for parcel in sound { try await expectReceipt(parcel, courier) }
        try require(handler.arrivals.map(\.id).sorted() == sound.map(\.id).sorted(), "others arrived, or one twice")
        let answers = await courier.enquire(sound.map(\.id))
        for (answer, parcel) in zip(answers, sound) {
            guard case .receipt(TransportTestHandler.receipt(for: parcel.id)) = answer else { throw wrong("\(answer)") }
        }
        await courier.settled(sound.map(\.id))
    }

    private func unknown(_ courier: any Courier) async throws {
        let answer = await courier.enquire(TransportTestParcel(parts: 1).id)
        guard case .unknown = answer else { throw wrong("answered \(answer)") }
    }

    private func enquiryReceipt(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let parcel = TransportTestParcel(parts: 1)
        try await expectReceipt(parcel, courier)
        let expected = TransportTestHandler.receipt(for: parcel.id)
        guard case .receipt(expected) = await courier.enquire(parcel.id) else { throw wrong("no receipt") }
        await courier.settled(parcel.id)
    }

    private func next(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let id = TransportTestParcel(parts: 1).id
        handler.know(id, as: .next(17))
        guard case .resume(from: 17) = await courier.enquire(id) else { throw wrong("another part") }
        handler.know(id, as: .problem(Problem(.busy, "The digest is being rebuilt.", retryAfter: 2)))
        guard case .tryLater(let later) = await courier.enquire(id), later.after == 2, later.reason == .busy else {
            throw wrong("the problem was not passed on")
        }
    }

    private func statement(_ handler: TransportTestHandler, _ courier: any Courier) async throws {
        let statement: [UInt8] = [0x30, 3, 1, 2, 3]
        let later = await courier.post(statement: statement, about: TransportTestParcel(parts: 1).id)
        try require(later == nil, "not taken: \(later?.explanation ?? "")")
        for _ in 0..<100 where handler.statements.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        try require(handler.statements == [statement], "\(handler.statements.count) statements, or other bytes")
    }

    private func card(_ courier: any Courier) async throws {
        for _ in 0..<100 {
            if let card = try? await courier.fetchCard() {
                return try require(card == TransportTestHandler.testCard, "another card")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw wrong("no card within 5 s")
    }

    private func expectReceipt(_ parcel: TransportTestParcel, _ courier: any Courier) async throws {
        let expected = TransportTestHandler.receipt(for: parcel.id)
        let answer = try await settle(parcel, courier)
        guard case .receipt(expected) = answer else { throw wrong("no receipt, or another: \(answer)") }
    }

    /// Carries, and where that only starts the journey asks until it has ended.
    private func settle(_ parcel: TransportTestParcel, _ courier: any Courier) async throws -> CarryAnswer {
        let answer = try await courier.carry(parcel, from: 1)
        guard case .carried = answer else { return answer }
        for _ in 0..<200 {
            switch await courier.enquire(parcel.id) {
            case .receipt(let bytes): return .receipt(bytes)
            case .refusal(let bytes): return .refusal(bytes)
            default: try await Task.sleep(for: .milliseconds(50))
            }
        }
        throw wrong("nothing came back within 10 s")
    }

    func require(_ condition: Bool, _ seen: @autoclosure () -> String) throws {
        if !condition { throw wrong(seen()) }
    }

    func wrong(_ seen: String) -> Nonconformance { Nonconformance(description: seen) }
}

extension TransportConformance {
    package static var sender: String { "cleveland-police" }
    package static var recipient: String { "tees-council" }
}
