internal import Envelope
internal import Synchronization
internal import Transport
package import Vocabulary

/// A parcel of made-up messages, each one DER value, the same bytes whenever they are asked for.
package final class TransportTestParcel: Parcel {
    /// The file changed under the sender.
    package struct Changed: Error, Hashable, Sendable {}

    package let id: ConsignmentID
    package let partCount: Int
    package let size: Int64
    private let partSize: Int
    private let breaksAt: Int?
    private let asked = Mutex<[Int]>([])

    /// - Parameters:
    ///   - partSize: bytes of each part as sealed, at least 6.
    ///   - breaksAt: the message that throws `Changed`.
    package init(parts: Int, partSize: Int = 1 << 20, breaksAt: Int? = nil, id: ConsignmentID? = nil) {
        self.id = id ?? ConsignmentID.make(at: Instant(seconds: 1_790_000_000))
        self.partCount = parts
        self.size = Int64(parts * partSize)
        self.partSize = partSize
        self.breaksAt = breaksAt
    }

    package func message(_ index: Int) async throws -> ArraySlice<UInt8> {
        asked.withLock { $0.append(index) }
        if index == breaksAt { throw Changed() }
        return bytes(of: index)[...]
    }

    /// Which messages were produced, in order.
    package var produced: [Int] { asked.withLock { $0 } }

    /// What a recipient must have got when it was asked for message 0 and the parts from `part` on.
    package func wire(from part: Int) -> [UInt8] {
        bytes(of: 0) + stride(from: part, through: partCount, by: 1).flatMap(bytes)
    }

    /// SEQUENCE of the shortest length (X.690 section 10.1) and about as many bytes as were asked for, filled with its own
    /// number.
    private func bytes(of index: Int) -> [UInt8] {
        let content = max(index == 0 ? 1024 : partSize, 6) - 6
        return DER.element(DER.sequence, [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: content))
    }
}
