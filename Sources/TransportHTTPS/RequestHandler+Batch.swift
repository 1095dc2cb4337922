internal import Transport
internal import Vocabulary

/// Many consignments at once. The whole request comes first, then the whole answer.
extension RequestHandler {
    func takeBatch(_ body: inout ArrivingBody, from peer: AgencyID) async -> Reply {
        var batch = FramedBatch(body)
        let answers = await handler.receive(&batch, from: peer)
        body = batch.body
        // An answer before the end of the body would make the sender wait for it.
        if !body.isAtEnd { _ = await body.drain(atMost: Frames.bytes) }
        if batch.ids.isEmpty { return .problem(.init(.malformed, "A batch is frames, each with its messages.")) }
        return .frames(zip(batch.ids, answers).map { ($0, FramedAnswer($1)) })
    }

    func states(_ body: inout ArrivingBody, for peer: AgencyID) async -> Reply {
        do {
            let asked = try await body.collect(atMost: Frames.most * 18).flatMap(Frames.ids)
            guard let asked, Set(asked).count == asked.count else {
                return .problem(.init(.malformed, "Ask for 1 to \(Frames.most) ids, each once and an OCTET STRING."))
            }
            return .frames(zip(asked, await handler.status(of: asked, for: peer)).map { ($0, FramedAnswer($1)) })
        } catch {
            return .problem(.init(.cutShort, error.why))
        }
    }
}

extension FramedAnswer {
    init(_ answer: ArrivalAnswer) {
        switch answer {
        case .receipt(let bytes, _): self.init(.receipt, bytes)
        case .refusal(let bytes, _): self.init(.refusal, bytes)
        case .problem(let problem): self.init(problem)
        }
    }

    init(_ status: ArrivalStatus) {
        switch status {
        case .receipt(let bytes): self.init(.receipt, bytes)
        case .refusal(let bytes): self.init(.refusal, bytes)
        case .next(let part): self.init(kind: .next, body: JSON.object(["next": .integer(Int64(part))]).encoded)
        case .unknown: self.init(kind: .unknown, body: [])
        case .problem(let problem): self.init(problem)
        }
    }

    private init(_ problem: Problem) {
        self.init(kind: .problem, body: ProblemDetails.encode(problem, retryAfter: problem.retryAfter))
    }

    /// A statement that is longer than an answer may be is asked for by itself.
    private init(_ kind: Kind, _ statement: [UInt8]) {
        guard statement.count <= Frames.body else {
            self.init(Problem(.tooLarge, "This answer is long: ask for it by itself.", retryAfter: 1))
            return
        }
        self.init(kind: kind, body: statement)
    }
}
