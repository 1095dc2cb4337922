internal import Envelope
internal import Folders
internal import Synchronization
internal import Transport

/// The bytes of a consignment file, a MiB at a time.
struct FileBytes: ArrivingBytes {
    private static let chunk = 1 << 20

    private let file: SharedFile
    private let size: Int64
    private var position: Int64 = 0
    private let isCut = CutMark()

    init(_ file: SharedFile, size: Int64) {
        self.file = file
        self.size = size
    }

    var cut: @Sendable () -> Void { { [isCut] in isCut.set() } }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        if isCut.isSet || Task.isCancelled { throw CutShort("the reading was stopped") }
        guard position < size else { return false }
        let bytes = try await read()
        guard !bytes.isEmpty else { throw CutShort("the file became shorter") }
        position += Int64(bytes.count)
        try bytes.withRawSpan(take)
        return true
    }

    private func read() async throws(CutShort) -> [UInt8] {
        let (file, position) = (self.file, self.position)
        let count = Int(min(Int64(Self.chunk), size - position))
        do {
            return try await Blocking.run { try file.handle.read(count, at: position) }
        } catch {
            throw CutShort("the share could not be read")
        }
    }
}

/// Set once, from any task.
private final class CutMark: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
