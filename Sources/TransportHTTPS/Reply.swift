internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import Transport
internal import Vocabulary

/// One answer of the collector, whole in memory.
struct Reply: Sendable {
    private let status: HTTPResponse.Status
    private let mediaType: String?
    private var bytes: [UInt8] = []
    private var retryAfter: Int64?
    private var kind: AnswerKind?

    private init(_ status: HTTPResponse.Status, _ mediaType: String? = nil, _ bytes: [UInt8] = []) {
        self.status = status
        self.mediaType = mediaType
        self.bytes = bytes
    }

    init(_ answer: ArrivalAnswer) {
        switch answer {
        case .receipt(let bytes, let isNew): self = .cms(bytes, isNew ? .created : .ok, .receipt)
        case .refusal(let bytes, let reason): self = .cms(bytes, Self.status(of: reason), .refusal)
        case .problem(let problem): self = .problem(problem)
        }
    }

    init(_ status: ArrivalStatus) {
        switch status {
        case .receipt(let bytes): self = .cms(bytes, .ok, .receipt)
        case .refusal(let bytes): self = .cms(bytes, .ok, .refusal)
        case .next(let part): self = Reply(.accepted, Wire.json, JSON.object(["next": .integer(Int64(part))]).encoded)
        case .unknown: self = .problem(.init(.unknownConsignment, "Nothing is known of this consignment."))
        case .problem(let problem): self = .problem(problem)
        }
    }

    static let noContent = Reply(.noContent)
    static let seeOther = Reply(.seeOther)

    /// C2SP tlog-witness, `add-checkpoint`. A refusal is a problem of a type of its own: 403 and 404 mean other things
    /// when nobody asked the handler.
    init(_ answer: WitnessAnswer) {
        let status = HTTPResponse.Status(code: answer.status)
        switch answer {
        case .countersigned: self = Reply(status, Wire.note, answer.body)
        case .holds: self = Reply(status, Wire.treeSize, answer.body)
        case .refused(let why): self = Reply(status, Wire.problem, ProblemDetails.encode(why))
        }
    }

    /// One answer for each consignment of a batch, in order.
    static func frames(_ answers: [(ConsignmentID, FramedAnswer)]) -> Reply {
        Reply(.ok, Wire.frames, answers.flatMap { Frames.answer($1, about: $0) })
    }

    static func note(_ text: String) -> Reply { Reply(.ok, Wire.note, Array(text.utf8)) }

    static func cms(_ bytes: [UInt8], _ status: HTTPResponse.Status = .ok, _ kind: AnswerKind? = nil) -> Reply {
        var reply = Reply(status, Wire.cms, bytes)
        reply.kind = kind
        return reply
    }

    static func problem(_ problem: Problem) -> Reply {
        let status = HTTPResponse.Status(code: ProblemDetails.status(of: problem.kind))
        var reply = Reply(status, Wire.problem, ProblemDetails.encode(problem))
        reply.retryAfter = problem.retryAfter
        return reply
    }

    private static func status(of reason: Refusal.Reason) -> HTTPResponse.Status {
        switch reason {
        case .notForUs: .forbidden
        case .conflict: .conflict
        case .policy, .wholeFileMismatch, .withdrawn: .unprocessableContent
        }
    }

    var head: HTTPResponse {
        var fields = HTTPFields()
        fields[.contentType] = mediaType
        if status != .noContent { fields[.contentLength] = String(bytes.count) }
        fields[.retryAfter] = retryAfter.map(String.init)
        if let kind, let name = HTTPField.Name(Wire.statementHeader) { fields[name] = kind.rawValue }
        if let name = HTTPField.Name(Wire.acceptsHeader) { fields[name] = Wire.acceptsBatches }
        return HTTPResponse(status: status, headerFields: fields)
    }

    var responseBody: ResponseBody {
        bytes.isEmpty ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    }
}
