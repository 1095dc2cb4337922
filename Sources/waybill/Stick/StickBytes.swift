internal import Daemon
internal import Envelope
internal import Folders
internal import Synchronization
internal import Transport
internal import Vocabulary

/// The bytes of a consignment file that a person named, a MiB at a time.
struct StickBytes: ArrivingBytes {
    private static let chunk = 1 << 20
    private let file: SharedFile
    private let isCut = StickCut()
    private var position: Int64 = 0

    init(_ path: String) throws {
        let (folder, file) = Premises.split(path)
        do {
            guard let name = FileName(file) else { throw FileTrouble("open a file", errno: 22) }
            self.file = SharedFile(try FileHandle(name, in: Folder(folder), .read))
        } catch {
            throw Trouble(
                "The consignment cannot be read.", why: "\(path): \(error)",
                fix: "Check the path, and that the stick is mounted.")
        }
    }

    var cut: @Sendable () -> Void { { [isCut] in isCut.set() } }

    /// The first bytes: message 0 is among them.
    func beginning(_ count: Int) throws -> [UInt8] { try file.handle.read(count, at: 0) }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        if isCut.isSet { throw CutShort("the reading was stopped") }
        let bytes = try await read()
        guard !bytes.isEmpty else { return false }
        position += Int64(bytes.count)
        try bytes.withRawSpan { span in try take(span) }
        return true
    }

    private func read() async throws -> [UInt8] {
        let (file, position) = (self.file, self.position)
        return try await Blocking.run { try file.handle.read(Self.chunk, at: position) }
    }
}

/// Set once, from any task.
private final class StickCut: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
