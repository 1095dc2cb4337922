internal import Envelope
internal import Vocabulary

/// Many consignments in one request, and as many answers in one response (`Formats.md`, "Batches"):
///
///     request    SEQUENCE { id OCTET STRING (SIZE (16)), messages INTEGER }, then that many CMS messages; and the next
///     response   SEQUENCE { id OCTET STRING (SIZE (16)), kind ENUMERATED, body OCTET STRING }; and the next
///     ids asked  OCTET STRING (SIZE (16)); and the next
enum Frames {
    /// Consignments of one request.
    static let most = 256
    /// Bytes of all messages of one request.
    static let bytes = 1 << 20
    /// Messages of one consignment: its waybill and one part.
    static let messages = 2
    /// Of one answer's body.
    static let body = 8192
    /// Of one answer.
    static let answer = body + 32

    // MARK: - Writing

    static func head(of id: ConsignmentID, messages: Int) -> [UInt8] {
        DER.sequence(DER.octets(id.bytes), DER.integer(UInt8(messages)))
    }

    static func answer(_ answer: FramedAnswer, about id: ConsignmentID) -> [UInt8] {
        DER.sequence(
            DER.octets(id.bytes), DER.element(DER.enumerated, [answer.kind.rawValue]), DER.octets(answer.body))
    }

    static func asking(_ ids: [ConsignmentID]) -> [UInt8] { ids.flatMap { DER.octets($0.bytes) } }

    // MARK: - Reading

    /// Nil for anything else than 1...`most` ids.
    static func ids(in bytes: [UInt8]) -> [ConsignmentID]? {
        var (reader, ids): (DERReader, [ConsignmentID]) = (DERReader(bytes), [])
        while !reader.isAtEnd {
            guard ids.count < most, let id = try? id(&reader) else { return nil }
            ids.append(id)
        }
        return ids.isEmpty ? nil : ids
    }

    /// What was answered, in order; what is not understood ends the list.
    static func answers(in bytes: [UInt8]) -> [(id: ConsignmentID, answer: FramedAnswer)] {
        var (reader, answers): (DERReader, [(id: ConsignmentID, answer: FramedAnswer)]) = (DERReader(bytes), [])
        while answers.count < most, !reader.isAtEnd, let one = try? one(&reader) { answers.append(one) }
        return answers
    }

    private static func one(_ reader: inout DERReader) throws -> (id: ConsignmentID, answer: FramedAnswer) {
        var one = try reader.enter(DER.sequence)
        let (id, kind) = (try id(&one), try one.octets(DER.enumerated, count: 1))
        let body = try one.octets()
        try one.finish()
        guard let kind = FramedAnswer.Kind(rawValue: kind[0]), body.count <= self.body else { throw NotDER() }
        return (id, FramedAnswer(kind: kind, body: body))
    }

    private static func id(_ reader: inout DERReader) throws -> ConsignmentID {
        guard let id = ConsignmentID(try reader.octets(count: 16)[...]) else { throw NotDER() }
        return id
    }
}

/// An answer about one consignment of a batch.
struct FramedAnswer: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case receipt = 0, refusal, problem, next, unknown
    }

    let kind: Kind
    let body: [UInt8]
}

extension ConsignmentID {
    /// From its sixteen bytes; nil for what is no UUID of version 7.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.init(number: bytes.reduce(0) { $0 << 8 | UInt128($1) })
    }
}
