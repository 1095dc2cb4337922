internal import Envelope
package import Folders
internal import Ledger
internal import Synchronization
package import Vocabulary

/// An arrival whose every part verified and whose size and SHA-256 as a whole equal those in the waybill. It lies in
/// private staging and is on the disk.
package struct StagedFile: Sendable {
    package let admitted: AdmittedWaybill
    package let key: StagingKey
    package let folder: Folder
    package let facts: FileFacts
    /// If it cannot be published, it rests.
    let staging: Staging

    fileprivate init(admitted: AdmittedWaybill, facts: FileFacts, staging: Staging) {
        (self.admitted, self.facts, self.staging) = (admitted, facts, staging)
        (key, folder) = (staging.key, staging.folder)
    }

    /// Its owner's and its readers'.
    static let mode: UInt32 = 0o660
}

/// Which arrival: a partner's id names another consignment than the same id of another partner.
package struct StagingKey: Hashable, Sendable {
    package let partner: AgencyID
    package let id: ConsignmentID
}

extension ConsignmentKey {
    init(_ key: StagingKey) { self.init(.received, key.partner, key.id) }
}

/// Why an arrival could not be staged.
enum StagingTrouble: Error, Sendable {
    /// A part did not open or is not bound to this place: unsigned, try later.
    case damagedPart(Int)
    /// Every part was bound and yet the whole differs from the waybill.
    case wholeFileMismatch
    /// What lies in staging is not the file that the ledger says is about to be published.
    case notTheOneCommitted
    /// It may not have been published, and is neither staged nor in the inbox: it is taken in anew.
    case notSeen
    /// The disk did not take it: what was written is not believed, and the sync is never tried again on it.
    case notSynced(FileTrouble)
    /// It was judged before: its file is closed.
    case judged
    /// As `wholeFileMismatch`, but a part of it was staged by an earlier connection: that is tried once more from the beginning.
    case resumedPrefixMismatch
}

/// One file as it grows in staging: parts come in order, are written at their place, and digested as they come.
///
/// Kept in memory between two connections, so that a resumed arrival need not be read again; after a restart the digest
/// of what is there is rebuilt from the file.
final class Staging: Sendable {
    let key: StagingKey
    let waybill: Waybill
    let digest: Digest
    let folder: Folder
    let wasResumed: Bool
    private struct State: ~Copyable {
        /// Nil once the whole was judged: a batch has hundreds.
        var file: SharedFile?
        /// Nil once the whole was judged.
        var hash: SHA256Stream?
        var next: Int
        /// From the start of the file.
        var reserved: Int64
        var isJudged = false
        /// As a whole, after it was judged.
        var isSynced = false
    }
    private let state: Mutex<State>

    private init(key: StagingKey, opened: OpenedWaybill, folder: Folder, _ state: consuming State) {
        self.key = key
        self.waybill = opened.waybill
        self.digest = opened.digest
        self.folder = folder
        self.wasResumed = state.next > 1
        self.state = Mutex(state)
    }

    /// So much is reserved ahead of what is written: what a sender only announces takes no space from others.
    private static let ahead: Int64 = 256 << 20

    /// Begins an arrival: an empty private file with its first space reserved. What lay there is thrown away.
    static func begin(_ admitted: AdmittedWaybill, key: StagingKey, in folder: Folder) throws -> Staging {
        let name = try Names.staged(key.id)
        do { try folder.remove(name) } catch  where error.reason == .missing {}
        let file = SharedFile(try FileHandle(name, in: folder, .create(mode: 0o600)))
        let reserved = min(admitted.waybill.file.size, ahead)
        try file.handle.reserve(reserved)
        CrashPoint.afterReserve.pass()
        return Staging(
            key: key, opened: admitted.opened, folder: folder,
            State(file: file, hash: SHA256Stream(), next: 1, reserved: reserved))
    }

    /// Goes on with what an earlier life of the daemon left: the bytes before part `next` are on disk for sure, what
    /// follows is cut off. Nil if the file is not as long as that.
    static func resume(_ admitted: AdmittedWaybill, key: StagingKey, next: Int, in folder: Folder) throws -> Staging? {
        // The last part may be shorter than the others.
        let sure = min(Int64(next - 1) * Int64(admitted.waybill.partSize.bytes), admitted.waybill.file.size)
        guard let facts = try folder.lookup(Names.staged(key.id)), facts.kind == .regular, facts.size >= sure else {
            return nil
        }
        let file = SharedFile(try FileHandle(Names.staged(key.id), in: folder, .readWrite))
        try file.handle.truncate(to: sure)
        let reserved = min(admitted.waybill.file.size, sure + ahead)
        try file.handle.reserve(reserved)
        var hash = SHA256Stream()
        guard try Slices.feed(file.handle, bytes: sure, to: &hash) else { return nil }
        return Staging(
            key: key, opened: admitted.opened, folder: folder,
            State(file: file, hash: hash, next: next, reserved: reserved))
    }

    /// The next part wanted, counting from 1.
    var next: Int { state.withLock { $0.next } }

    /// Whether `finish` was called: then the digest is spent, and going on needs `resume`.
    var isJudged: Bool { state.withLock { $0.isJudged } }

    private var file: SharedFile {
        get throws {
            guard let file = state.withLock({ $0.file }) else { throw StagingTrouble.judged }
            return file
        }
    }

    /// How much of it is written.
    var bytes: Int64 { min(Int64(next - 1) * Int64(waybill.partSize.bytes), waybill.file.size) }

    /// Gives back what was reserved and not written. Blocks.
    func cutToSize() throws {
        guard !isJudged else { return }
        let bytes = bytes
        try file.handle.truncate(to: bytes)
        state.withLock { $0.reserved = bytes }
    }

    private func reserve(to end: Int64) throws {
        guard state.withLock({ $0.reserved < end }) else { return }
        let wanted = min(waybill.file.size, end + Self.ahead)
        try file.handle.reserve(wanted)
        state.withLock { $0.reserved = wanted }
    }

    /// Opens, checks and writes the next part. Blocks.
    func write(_ message: consuming [UInt8], opener: Opener) throws {
        let index = next
        let plaintext: ArraySlice<UInt8>
        do {
            plaintext = try opener.openPart(
                message, bind: waybill.bind, index: index,
                length: waybill.partSize.length(of: index, size: waybill.file.size))
        } catch {
            throw StagingTrouble.damagedPart(index)
        }
        let end = min(Int64(index) * Int64(waybill.partSize.bytes), waybill.file.size)
        try reserve(to: end)
        try plaintext.withRawSpan { bytes in
            try file.handle.write(bytes, at: Int64(index - 1) * Int64(waybill.partSize.bytes))
            state.withLock { state in
                state.hash?.update(bytes)
                state.next = index + 1
            }
        }
        if index == 1 { CrashPoint.afterFirstPart.pass() }
    }

    /// All parts so far are on the disk; what a mark may say afterwards.
    func sync() throws -> Int {
        let sure = next
        guard let file = state.withLock({ $0.file }) else {
            // What was judged is closed.
            guard state.withLock({ $0.isSynced }) else { throw StagingTrouble.judged }
            return sure
        }
        do { try file.handle.sync() } catch { throw StagingTrouble.notSynced(error) }
        return sure
    }

    /// Judges the whole. The file is on the disk, closed to nobody, and still invisible.
    func finish(_ admitted: AdmittedWaybill, mode: UInt32, group: Group?) throws -> StagedFile {
        let file = try file
        let whole = state.withLock { state in
            (state.isJudged, state.file) = (true, nil)
            return state.hash.take()?.finish()
        }
        let facts = try file.handle.facts()
        guard whole == waybill.file.sha256, facts.size == waybill.file.size else {
            throw wasResumed ? StagingTrouble.resumedPrefixMismatch : StagingTrouble.wholeFileMismatch
        }
        CrashPoint.afterWholeDigest.pass()
        if let group { try file.handle.setGroup(group) }
        try file.handle.setMode(mode)
        // Before the sync, so that it is on the disk with the content; before the facts, by which a restart knows it again.
        if let modified = waybill.file.modified { try file.handle.setModified(modified) }
        do { try file.handle.syncAll() } catch { throw StagingTrouble.notSynced(error) }
        state.withLock { $0.isSynced = true }
        CrashPoint.afterStagedSync.pass()
        return StagedFile(admitted: admitted, facts: try file.handle.facts(), staging: self)
    }

    /// Throws away what is staged.
    func discard() {
        guard let name = try? Names.staged(key.id) else { return }
        try? folder.remove(name)
    }
}
