import Envelope
import Exchange
import Transport
import Vocabulary

/// Arrivals that begin and say nothing more until they are hung up.
actor Crowd {
    private let scene: ArrivalTests.Scene
    private var under: [(task: Task<Void, Never>, hangUp: @Sendable () -> Void)] = []
    private(set) var answers: [ArrivalAnswer] = []

    init(_ scene: ArrivalTests.Scene) { self.scene = scene }

    /// Its waybill, and the header of its first part.
    /// - Returns: what hangs up.
    @discardableResult
    func bring(_ parcel: Parcelled) throws -> @Sendable () -> Void {
        let sealer = try Sealer(recipient: parcel.recipient.keys.sealing.certificate)
        let header: [UInt8] = [0x30, 0x84, 0x01, 0x00, 0x01, 0x00]
        return try bring(sealer.sealWaybill(parcel.signed()) + header, for: parcel.sender, id: parcel.waybill.id)
    }

    @discardableResult
    func bring(_ bytes: [UInt8], for sender: TestAgency, id: ConsignmentID = .make(at: Clock.start)) throws
        -> @Sendable () -> Void
    {
        let body = SilentBody(bytes)
        let task = Task { [scene] in
            var body = body
            let answer = await scene.desk.receive(id, from: sender.id, startingAt: 1, body: &body)
            self.answers.append(answer)
        }
        under.append((task, body.cut))
        return body.cut
    }

    func end() async {
        for one in under { one.hangUp() }
        for one in under { await one.task.value }
    }
}

private struct SilentBody: ArrivingBytes {
    private var bytes: [UInt8]?
    private let silence: AsyncStream<Never>
    let cut: @Sendable () -> Void

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let (silence, end) = AsyncStream.makeStream(of: Never.self)
        (self.silence, cut) = (silence, { end.finish() })
    }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        if let bytes {
            self.bytes = nil
            try bytes.withRawSpan(take)
            return true
        }
        for await _ in silence {}
        throw CutShort("the test cut it")
    }
}
