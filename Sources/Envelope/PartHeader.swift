internal import Vocabulary

/// What stands before the bytes of a part inside its seal: the waybill's `bind` and the part's number.
enum PartHeader {
    static let count = 40
    /// The greatest part size that `Formats.md` allows: 16 MiB.
    static let longestPart = 16 << 20

    static func encode(bind: Digest, index: Int) -> [UInt8] {
        bind.bytes + (0..<8).reversed().map { UInt8(truncatingIfNeeded: index >> ($0 * 8)) }
    }
}
