internal import Envelope
internal import Folders
internal import Synchronization
internal import Transport
internal import Vocabulary

/// The bytes of a consignment file that a person named, a MiB at a time.
package struct StickBytes: ArrivingBytes {
    private static let chunk = 1 << 20
    private let file: SharedFile
    private let isCut = StickCut()
    private var position: Int64 = 0

    package init(_ path: String) throws {
        let (folder, file) = InstalledAgency.split(path)
        do {
            guard let name = FileName(file) else { throw FileTrouble("open a file", errno: 22) }
            self.file = SharedFile(try FileHandle(name, in: Folder(folder), .read))
        } catch {
            throw Trouble(
                "The consignment cannot be read.", why: "\(path): \(error)",
                fix: "Check the path, and that the stick is mounted.")
        }
    }

    package var cut: @Sendable () -> Void { { [isCut] in isCut.set() } }

    /// Who says to have sent this, and under which id: nothing of it is believed before it is verified.
    func claims(_ opener: Opener) throws -> Waybill {
        do {
            var (stream, offset) = (DERStream(), 0)
            let beginning = try file.handle.read(DERStream.waybillLimit, at: 0)
            guard let first = try stream.next(in: beginning.span, at: &offset) else {
                throw EnvelopeError.stream(.truncated)
            }
            return try Waybill(parsing: StatementVerifier.uncheckedContent(of: opener.openWaybill(first)))
        } catch {
            throw Trouble(
                "This is not a consignment that we can open.", why: "\(error)",
                fix: "Ask the sender whether it is for us, and to seal it again with our newest card.")
        }
    }

    package mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
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
