internal import Envelope
internal import Transport
internal import Vocabulary

/// The consignments of one request, one after another, as their bytes come in.
///
/// A frame is a claim: what its messages hold is judged by whoever opens them, and what does not open is skipped. Bytes
/// that are no DER end the batch, because nobody knows where the next frame would begin.
struct FramedBatch<Body: ArrivingBytes>: ArrivingBatch {
    private(set) var body: Body
    /// What came in and belongs to nobody yet.
    private var rest: ArraySlice<UInt8> = []
    private var meter = MessageMeter(messages: 0)
    private var bytesLeft = Frames.bytes
    /// The ids that were begun, in order.
    private(set) var ids: [ConsignmentID] = []

    init(_ body: Body) { self.body = body }

    var cut: @Sendable () -> Void { body.cut }
    func isUrgent() { body.isUrgent() }

    mutating func advance() async throws(CutShort) -> Arriving? {
        do {
            while try await next({ _ in }) {}
            guard let (id, messages) = try await frame() else { return nil }
            meter = MessageMeter(messages: messages)
            ids.append(id)
            return Arriving(id)
        } catch let cut as CutShort {
            throw cut
        } catch {
            throw CutShort("\(error)")
        }
    }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        if meter.isAtEnd { return false }
        if rest.isEmpty, try await !fill() { throw CutShort("the body ended within a consignment") }
        let count = try meter.measure(rest)
        bytesLeft -= count
        guard bytesLeft >= 0 else { throw CutShort("a batch has at most \(Frames.bytes) bytes") }
        let piece = rest.prefix(count)
        rest = rest.dropFirst(count)
        try piece.withRawSpan(take)
        return true
    }

    /// Nil at the true end.
    private mutating func frame() async throws -> (ConsignmentID, messages: Int)? {
        while true {
            if let (frame, count) = try FrameHead.read(rest) {
                guard ids.count < Frames.most else { throw CutShort("a batch has at most \(Frames.most) consignments") }
                rest = rest.dropFirst(count)
                return frame
            }
            let isEmpty = rest.isEmpty
            if try await !fill() {
                if isEmpty { return nil }
                throw CutShort("the body ended within a frame")
            }
        }
    }

    /// False at the true end.
    private mutating func fill() async throws -> Bool {
        var came: [UInt8] = []
        let more = try await body.next { came.append($0, from: 0) }
        rest = rest.isEmpty ? came[...] : rest + came
        return more
    }
}

/// Reads `SEQUENCE { id OCTET STRING (SIZE (16)), messages INTEGER }`, of which there is one spelling.
enum FrameHead {
    private static let front: [UInt8] = [0x30, 0x15, 0x04, 0x10]
    private static let back: [UInt8] = [0x02, 0x01]
    private static let count = front.count + 16 + back.count + 1

    /// Nil: more bytes are needed.
    static func read(_ bytes: ArraySlice<UInt8>) throws(CutShort) -> ((ConsignmentID, messages: Int), count: Int)? {
        guard bytes.prefix(front.count).elementsEqual(front.prefix(bytes.count)) else { throw wrong }
        guard bytes.count >= count else { return nil }
        let (id, tail) = (bytes.dropFirst(front.count).prefix(16), bytes.prefix(count).suffix(3))
        guard tail.prefix(2).elementsEqual(back), let id = ConsignmentID(id), let messages = tail.last,
            (1...Frames.messages).contains(Int(messages))
        else { throw wrong }
        return ((id, Int(messages)), count)
    }

    private static let wrong = CutShort("a batch is frames, each with its messages")
}

/// Follows the lengths of the messages of one consignment as they come in.
struct MessageMeter {
    private var messages: Int
    /// Tag and length of the message that begins, as far as they are here.
    private var front: [UInt8] = []
    /// Bytes of the present message that are to come.
    private var left = 0

    init(messages: Int) { self.messages = messages }

    var isAtEnd: Bool { messages == 0 && left == 0 }

    /// How many of these bytes belong to the consignment; they count as seen.
    mutating func measure(_ bytes: ArraySlice<UInt8>) throws(CutShort) -> Int {
        var seen = 0
        while seen < bytes.count, !isAtEnd {
            if left > 0 {
                let step = min(left, bytes.count - seen)
                (left, seen) = (left - step, seen + step)
                continue
            }
            front.append(bytes[bytes.startIndex + seen])
            seen += 1
            let header: DERHeader?
            do { header = try DERHeader(front[...]) } catch { throw Self.wrong }
            guard front[0] == DER.sequence else { throw Self.wrong }
            guard let header else { continue }
            (left, messages, front) = (header.contentCount, messages - 1, [])
        }
        return seen
    }

    private static let wrong = CutShort("a message is not DER")
}
