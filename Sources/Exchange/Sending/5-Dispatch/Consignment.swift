internal import Envelope
internal import Folders
internal import Synchronization
internal import Transport
package import Vocabulary

/// A consignment on its way: the sealed messages of one signed waybill, made when the road asks for them.
///
/// Nothing sealed is ever stored; part k can be made again from the file at any time. Before the last message leaves,
/// the file must still be the one that was weighed.
package final class Consignment: Parcel, Sendable {
    package let waybill: SignedWaybill
    private let sealer: Sealer
    private let file: OpenFile
    private let isTakenBack: @Sendable () -> Bool
    /// Made ahead of the road's asking, in one job with its neighbours in a batch.
    private let ready = Mutex<Result<ArraySlice<UInt8>, any Error>?>(nil)

    package var id: ConsignmentID { waybill.id }
    package var partCount: Int { waybill.waybill.partCount }
    package var size: Int64 { waybill.waybill.file.size }

    /// - Parameter isTakenBack: asked before every message; once it says yes, nothing more of the file leaves.
    init(_ waybill: SignedWaybill, sealer: Sealer, isTakenBack: @escaping @Sendable () -> Bool = { false }) {
        self.waybill = waybill
        self.sealer = sealer
        self.isTakenBack = isTakenBack
        file = OpenFile(waybill.weighed)
    }

    package func message(_ index: Int) async throws -> ArraySlice<UInt8> {
        try await Blocking.run { [self] in try made(index) }
    }

    /// In one job: a small file's waybill and its part wait for nobody between them.
    package func whole(from part: Int) async throws -> ArraySlice<UInt8> {
        if part == 1, let made = ready.withLock({ $0.take() }) { return try made.get() }
        return try await Blocking.run { [self] in try wholeNow(from: part) }
    }

    /// For the next who asks for the whole. Blocks.
    func makeReady() {
        let made = Result { try wholeNow(from: 1) }
        ready.withLock { $0 = made }
    }

    private func wholeNow(from part: Int) throws -> ArraySlice<UInt8> {
        var bytes = try made(0)
        for index in stride(from: part, through: partCount, by: 1) { bytes += try made(index) }
        // A batch has hundreds.
        file.close()
        return bytes
    }

    private func made(_ index: Int) throws -> ArraySlice<UInt8> {
        if isTakenBack() { throw TakenBackFile() }
        if index == partCount { try file.requireUnchanged() }
        if index == 0 { return try sealer.sealWaybill(waybill.signed)[...] }
        let message = try seal(part: index)
        (index == partCount ? CrashPoint.afterLastPart : CrashPoint.midStream).pass()
        return message
    }

    private func seal(part index: Int) throws -> ArraySlice<UInt8> {
        let plan = waybill.waybill.partSize
        let offset = Int64(index - 1) * Int64(plan.bytes)
        let message = try sealer.sealPart(
            bind: waybill.waybill.bind, index: index, length: plan.length(of: index, size: size)
        ) { buffer in
            try file.fill(&buffer, at: offset)
        }
        return message[...]
    }
}

/// A person took it back while it was being sent.
struct TakenBackFile: Error {}

/// The file of a consignment, opened when first needed and closed with it.
private final class OpenFile: Sendable {
    private let weighed: WeighedFile
    private let file = Mutex<SharedFile?>(nil)

    init(_ weighed: WeighedFile) { self.weighed = weighed }

    func fill(_ buffer: inout MutableRawSpan, at offset: Int64) throws {
        let file = try opened()
        guard try file.handle.read(into: &buffer, at: offset) == buffer.byteCount else { throw ChangedFile() }
    }

    func requireUnchanged() throws {
        guard try opened().handle.facts() == weighed.facts else { throw ChangedFile() }
    }

    /// Until it is needed again.
    func close() { file.withLock { $0 = nil } }

    private func opened() throws -> SharedFile {
        try file.withLock { file in
            if let file { return file }
            let opened = SharedFile(try FileHandle(weighed.claimed.fileName, in: weighed.claimed.folder, .read))
            file = opened
            return opened
        }
    }
}
