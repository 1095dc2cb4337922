internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import Transport
internal import Vocabulary

/// An answer of the partner as a courier reads it. Whatever is not understood becomes "try later".
struct PartnerReply: Sendable {
    let status: Int
    private let mediaType: String?
    private let retryAfter: Int64?
    private let kind: AnswerKind?
    /// Whether the partner takes many consignments in one request.
    let acceptsBatches: Bool
    let bytes: [UInt8]

    init(_ response: HTTPClient.Response) {
        status = Int(response.status.code)
        mediaType = response.headers.first(name: "content-type")
        retryAfter = response.headers.first(name: "retry-after").flatMap { Int64($0) }.map { min(max($0, 0), 86_400) }
        kind = response.headers.first(name: Wire.statementHeader).flatMap(AnswerKind.init)
        acceptsBatches = response.headers.first(name: Wire.acceptsHeader) == Wire.acceptsBatches
        bytes = response.body.map { Array($0.readableBytesView) } ?? []
    }

    /// A problem of one consignment in an answer about many.
    init(problem body: [UInt8]) {
        status = ProblemDetails.kind(in: body).map(ProblemDetails.status) ?? 500
        (mediaType, kind, acceptsBatches, bytes) = (Wire.problem, nil, true, body)
        retryAfter = ProblemDetails.retryAfter(in: body).map { min(max($0, 0), 86_400) }
    }

    /// The answers about many consignments; nil if it is something else.
    var frames: [ConsignmentID: FramedAnswer]? {
        guard status == 200, mediaType == Wire.frames else { return nil }
        return Dictionary(Frames.answers(in: bytes).map { ($0.id, $0.answer) }) { first, _ in first }
    }

    /// There is nothing under the path that was asked, or it is not understood as a whole.
    var knowsNoBatches: Bool { [400, 404, 405, 413, 415, 501].contains(status) }

    private var isStatement: Bool { mediaType == Wire.cms && !bytes.isEmpty }

    var succeeded: Bool { (200..<300).contains(status) }
    var saysSeeOther: Bool { status == 303 }

    var carryAnswer: CarryAnswer {
        switch status {
        case 200, 201: isStatement ? .receipt(bytes) : .tryLater(tryLater)
        case 403, 409, 413, 422: isStatement ? .refusal(bytes) : .tryLater(tryLater)
        default: .tryLater(tryLater)
        }
    }

    var enquiryAnswer: EnquiryAnswer {
        switch status {
        case 200 where isStatement: kind == .refusal ? .refusal(bytes) : .receipt(bytes)
        case 202: next.map(EnquiryAnswer.resume) ?? .tryLater(tryLater)
        case 404 where ProblemDetails.kind(in: bytes) == .unknownConsignment: .unknown
        default: .tryLater(tryLater)
        }
    }

    var card: [UInt8]? { status == 200 && isStatement ? bytes : nil }

    /// Nil for what C2SP tlog-witness does not have, and for refusals that are not the handler's own words.
    var witnessAnswer: WitnessAnswer? {
        switch (status, mediaType) {
        case (200, Wire.note), (409, Wire.treeSize): WitnessAnswer(status: status, body: bytes)
        case (_, Wire.problem): ProblemDetails.refusal(in: bytes).flatMap { $0.status == status ? .refused($0) : nil }
        default: nil
        }
    }

    /// A signed note as text, unverified.
    var note: String? {
        guard status == 200, mediaType == Wire.note, bytes.count <= QuestionBounds.note else { return nil }
        return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// Signed statements one after another; empty for no more.
    var page: [UInt8]? { status == 200 && mediaType == Wire.cms ? bytes : nil }

    private var next: Int? { Self.next(in: bytes) }

    static func next(in bytes: [UInt8]) -> Int? {
        guard case .object(let members)? = try? JSON(request: bytes), case .integer(let next)? = members["next"],
            next >= 1
        else { return nil }
        return Int(exactly: next)
    }

    /// The partner's own words are left out: nobody vouches for what they hold.
    var tryLater: TryLater {
        switch (ProblemDetails.kind(in: bytes), status) {
        case (.busy, _), (nil, 503): later(.busy, "The partner is busy.")
        case (.clock, _): later(.misunderstood, TryLater.dated)
        case (.full, _), (nil, 507): later(.full, "The partner has no space left; ask them to make room.")
        case (.notAllowed, _):
            later(.notTrusted, "The partner does not know our certificate; send them our newest card.")
        case (.cutShort, _): later(.timedOut, "The bytes did not reach the partner whole or fast enough.")
        case (.ours, _), (nil, 500): later(.ours, "Something is wrong at the partner's end; tell them.")
        default: later(.misunderstood, "The partner answers \(status), which has no meaning here; compare versions.")
        }
    }

    private func later(_ reason: TryLater.Reason, _ explanation: String) -> TryLater {
        TryLater(reason, explanation, after: retryAfter)
    }
}
