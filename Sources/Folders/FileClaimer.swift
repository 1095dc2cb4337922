internal import Glibc

/// A file that is ours now: out of the sender's reach by name, still open, so that what is weighed is what was claimed.
package struct ClaimedDrop: Sendable {
    package let name: FileName
    /// As it was right after the rename.
    package let facts: FileFacts
    package let file: SharedFile
    /// Whether the kernel vouched that nobody had it open for writing.
    package let writerExcluded: Bool
}

/// What came of a claim.
package enum ClaimOutcome: Sendable {
    case claimed(ClaimedDrop)
    /// Left in place: somebody writes to it, or it has changed since it was looked at.
    case stillBeingWritten
    /// The batch holds a file of this name already: claim it into another batch.
    case nameTakenInBatch
    case notTaken(Problem)
}

/// Takes dropped files out of a route folder into a batch folder (README, What is on disk when: `claimed`).
///
/// The caller syncs both folders once for a whole batch.
package struct FileClaimer: Sendable {
    private let leases: Bool
    private let privateDrops: PrivateDrops?

    /// - Parameters:
    ///   - leases: whether leases are believed on this file system (`FileSystemKind.leasesWork`).
    ///   - privateDrops: opens what is closed to us; nil leaves it closed.
    package init(leases: Bool, privateDrops: PrivateDrops? = nil) {
        self.leases = leases
        self.privateDrops = privateDrops
    }

    /// - Parameter seen: the stamp on which the decision to claim was taken; a file that differs by now is left in place.
    /// - Throws: trouble with the folders themselves, such as `.notPermitted` for the rename or `.other(EXDEV)`.
    package func claim(
        _ name: FileName, seen: FileStamp? = nil, in route: Folder, into batch: Folder
    ) throws(FileTrouble) -> ClaimOutcome {
        guard name.text != nil else { return .notTaken(.notUTF8) }
        switch try examine(name, in: route, seen: seen) {
        case .problem(let problem): return .notTaken(problem)
        case .writer: return .stillBeingWritten
        case .fit(let examined):
            defer { ReadLease.release(examined.file.handle) }
            return try move(name, examined, from: route, into: batch)
        }
    }

    private struct Examined {
        let file: SharedFile
        let facts: FileFacts
        let leased: Bool
    }

    private enum Examination {
        case fit(Examined)
        case writer
        case problem(Problem)
    }

    private func examine(_ name: FileName, in folder: Folder, seen: FileStamp?) throws(FileTrouble) -> Examination {
        // Before opening: a device may act upon being opened.
        guard let before = try folder.lookup(name) else { return .problem(.gone) }
        if let problem = Problem(refusing: before) { return .problem(problem) }
        do {
            return try lease(SharedFile(try FileHandle(name, in: folder, .read)), seen: seen ?? before.stamp)
        } catch {
            let problem = try Problem(opening: error)
            guard problem == .unreadable, seen == nil || seen == before.stamp else { return .problem(problem) }
            return try openPrivate(name, in: folder, before)
        }
    }

    /// A file that is closed to us. It is opened where it lies, before the lease and the rename, for the same reason as
    /// every other: what is weighed is what was examined. The access list changes the status time, so that the stamp to be
    /// compared is the one right after it; a writer in between cannot hide from size, time and lease together.
    private func openPrivate(
        _ name: FileName, in folder: Folder, _ before: FileFacts
    ) throws(FileTrouble) -> Examination {
        guard let privateDrops else { return .problem(.unreadable) }
        switch try privateDrops.open(name, in: folder, seen: before) {
        case .impossible: return .problem(.unreadable)
        case .notOfSenders: return .problem(.notOfSenders)
        case .changed: return .writer
        case .opened(let now):
            do {
                return try lease(SharedFile(try FileHandle(name, in: folder, .read)), seen: now.stamp)
            } catch {
                return .problem(try Problem(opening: error))
            }
        }
    }

    private func lease(_ file: SharedFile, seen: FileStamp) throws(FileTrouble) -> Examination {
        let answer = leases ? ReadLease.take(file.handle) : .unavailable
        if case .writer = answer { return .writer }
        let facts = try file.handle.facts()
        if let problem = Problem(refusing: facts) { return .problem(problem) }
        guard facts.stamp == seen else { return .writer }
        return .fit(Examined(file: file, facts: facts, leased: answer == .held))
    }

    private func move(
        _ name: FileName, _ examined: Examined, from route: Folder, into batch: Folder
    ) throws(FileTrouble) -> ClaimOutcome {
        do {
            try route.rename(name, to: batch, as: name, .noReplace)
        } catch let error where error.reason == .exists {
            return .nameTakenInBatch
        } catch let error where error.reason == .missing {
            // Either the file or the batch folder is gone.
            guard try route.lookup(name) == nil else { throw error }
            return .notTaken(.gone)
        }
        CrashPoint.afterClaimRename.pass()
        // The name may have been given to another file between looking and moving.
        guard let moved = try batch.lookup(name), moved.isSameFile(as: examined.facts) else {
            return try strangerMoved(name, from: route, into: batch)
        }
        return .claimed(drop(name, examined, moved))
    }

    /// What was moved is not what was examined. If it is fit as well, it is a newer drop, complete because it came by
    /// a rename. If not, it goes back, never over a still newer one.
    private func strangerMoved(
        _ name: FileName, from route: Folder, into batch: Folder
    ) throws(FileTrouble) -> ClaimOutcome {
        if case .fit(let examined) = try examine(name, in: batch, seen: nil) {
            defer { ReadLease.release(examined.file.handle) }
            return .claimed(drop(name, examined, examined.facts))
        }
        try putBack(name, from: batch, to: route)
        return .stillBeingWritten
    }

    private func drop(_ name: FileName, _ examined: Examined, _ facts: FileFacts) -> ClaimedDrop {
        ClaimedDrop(name: name, facts: facts, file: examined.file, writerExcluded: examined.leased)
    }

    private func putBack(_ name: FileName, from batch: Folder, to route: Folder) throws(FileTrouble) {
        var target = name
        for number in 2...100 {
            do {
                return try batch.rename(name, to: route, as: target, .noReplace)
            } catch let error where error.reason == .exists {
                target = name.text.flatMap { FileName(SafeName.numbered($0, number)) } ?? name
            } catch let error where error.reason == .missing {
                return
            }
        }
        throw FileTrouble("put a file back", errno: EEXIST)
    }
}

extension Problem {
    /// Nil for a regular file with one name.
    init?(refusing facts: FileFacts) {
        if let problem = Problem(kind: facts.kind) {
            self = problem
        } else if facts.links > 1 {
            self = .hardLinked
        } else {
            return nil
        }
    }

    /// Troubles of opening that belong to the one file; others are thrown on.
    fileprivate init(opening trouble: FileTrouble) throws(FileTrouble) {
        switch trouble.errno {
        case ENOENT: self = .gone
        case ELOOP: self = .symlink
        case EACCES, EPERM: self = .unreadable
        case ENXIO: self = .fifo
        default: throw trouble
        }
    }
}
