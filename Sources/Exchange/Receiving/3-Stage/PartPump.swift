internal import Envelope
internal import Folders
internal import Ledger
internal import Transport
internal import Vocabulary

/// Takes sealed messages out of the bytes of an arrival.
struct MessageReader {
    private var stream = DERStream()
    private var ready: [[UInt8]] = []
    /// What came in one chunk with message 0: its bounds are known only once the waybill is.
    private var kept: [UInt8] = []
    private var isLed = false
    private let memory: ArrivalMemory

    init(_ memory: ArrivalMemory) { self.memory = memory }

    /// Message 0. Throws `CutShort` if the body ends before it does.
    /// - Parameter makeRoom: called when there is no room for it in memory, before it is waited for.
    mutating func waybill(from body: inout some ArrivingBytes, makeRoom: () async -> Void) async throws -> [UInt8] {
        while true {
            if let message = ready.popLast() { return message }
            if let length = stream.announced {
                await makeRoom()
                try await admit(length)
                continue
            }
            guard try await read(from: &body) else { throw CutShort("the body ended before the waybill did") }
        }
    }

    /// Waits until there is room for the message that is announced, and goes on with what was kept.
    private mutating func admit(_ length: Int) async throws {
        try await memory.wait(for: length)
        try takeKept()
    }

    private mutating func takeKept() throws {
        let kept = kept
        self.kept = []
        try kept.withRawSpan { span in try take(span) }
    }

    /// From now on `count` parts may follow.
    mutating func expectParts(_ count: Int, _ size: PartSize) throws {
        stream.expectParts(count, ofSize: size.bytes)
        isLed = true
        try takeKept()
    }

    /// The next part; nil at the true end of the body, where no part may be missing.
    /// - Parameter makeRoom: called when there is no room for it in memory, before it is waited for.
    mutating func part(
        from body: inout some ArrivingBytes, makeRoom: () async -> Void = {}
    ) async throws -> [UInt8]? {
        while true {
            if !ready.isEmpty { return ready.removeFirst() }
            if let length = stream.announced {
                await makeRoom()
                try await admit(length)
                continue
            }
            guard try await read(from: &body) else {
                try stream.finish()
                return nil
            }
        }
    }

    private mutating func read(from body: inout some ArrivingBytes) async throws -> Bool {
        var reader = self
        self = MessageReader(memory)
        let more = try await body.next { span in try reader.take(span) }
        self = reader
        return more
    }

    private mutating func take(_ span: RawSpan) throws {
        var offset = 0
        while let message = try stream.next(in: span, at: &offset, admit: memory.admit) {
            ready.append(message)
            if !isLed { break }
        }
        kept.append(span, from: offset)
    }
}

/// Moves parts from the road to staging: while one is opened, written and digested on a blocking thread, the next is
/// read. One part waits and one is worked on, so memory does not follow the file's size; and together with all others it
/// does not follow what partners choose (`ArrivalMemory`).
struct PartPump: Sendable {
    let agency: Agency
    let staging: Staging
    let memory: ArrivalMemory

    func run(_ messages: inout MessageReader, _ body: inout some ArrivingBytes) async throws {
        var writing: Task<Void, any Error>?
        var syncing: Task<Void, any Error>?
        var unmarked = 0
        do {
            for _ in staging.next..<(staging.waybill.partCount + 1) {
                guard let message = try await messages.part(from: &body) else { throw CutShort("parts are missing") }
                unmarked += message.count
                try await writing?.value
                writing = write(message)
                if unmarked >= agency.rules.markEvery {
                    try await syncing?.value
                    syncing = mark()
                    unmarked = 0
                }
            }
            try await writing?.value
            try await syncing?.value
            guard try await messages.part(from: &body) == nil else {
                throw Problem(.malformed, "More parts than announced.")
            }
        } catch {
            // The writer lets go before anybody else may touch the file.
            _ = try? await writing?.value
            _ = try? await syncing?.value
            throw error
        }
    }

    private func write(_ message: consuming [UInt8]) -> Task<Void, any Error> {
        let (staging, opener, memory, length) = (staging, agency.us.opener, memory, message.count)
        let lent = Lent(message)
        return Task {
            defer { memory.isWritten(length) }
            try await Blocking.run { try staging.write(lent.take(), opener: opener) }
        }
    }

    private func mark() -> Task<Void, any Error> {
        let (staging, agency) = (staging, agency)
        return Task { try await StagingMarks.set(staging, agency) }
    }
}

/// Says in the ledger's plain table how much of an arrival is on disk.
enum StagingMarks {
    /// After an fdatasync covers the parts, never before.
    static func set(_ staging: Staging, _ agency: Agency) async throws {
        let sure = try await Blocking.run { try staging.sync() }
        try await agency.ledger.setStagingMark(
            StagingMark(
                key: ConsignmentKey(.received, staging.key.partner, staging.key.id), waybill: staging.digest,
                next: sure,
                at: agency.clock.now()))
        CrashPoint.afterStagingMark.pass()
    }
}
