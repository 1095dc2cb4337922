/// Decides when a dropped file has stood still for long enough. Pure: facts and the boot clock come in.
///
/// A file that came by a rename is complete at once; another when its inode, size and times have not changed for
/// `settle`. Whether a writer is left is asked of the kernel afterwards (`ClaimDesk`).
package struct Completeness: Sendable {
    package enum Verdict: Hashable, Sendable {
        case complete
        /// Not before this moment of the boot clock.
        case waiting(until: Int64)
    }

    /// How a name was noticed.
    package enum Sign: Sendable {
        /// By looking, or by a hint that says nothing about completeness.
        case seen
        /// Renamed into the folder since the last look.
        case movedIn
    }

    private struct Watched {
        var stamp: FileStamp
        var since: Int64
        var movedIn: Bool
    }

    private let settle: Int64
    private var watched: [FileName: Watched] = [:]

    /// - Parameter settle: nanoseconds.
    package init(settle: Int64) { self.settle = max(0, settle) }

    /// Takes note of a name and tells whether it is complete.
    package mutating func saw(_ name: FileName, _ stamp: FileStamp, _ sign: Sign = .seen, at now: Int64) -> Verdict {
        var entry = Watched(stamp: stamp, since: now, movedIn: sign == .movedIn)
        if let known = watched[name], known.stamp == stamp {
            entry.since = known.since
            entry.movedIn = entry.movedIn || known.movedIn
        }
        watched[name] = entry
        let due = entry.movedIn ? entry.since : entry.since + settle
        return due <= now ? .complete : .waiting(until: due)
    }

    /// The kernel knows a writer: whatever was seen before, the file must stand still from now on.
    package mutating func stillWritten(_ name: FileName, at now: Int64) {
        watched[name]?.since = now
        watched[name]?.movedIn = false
    }

    /// Claimed or gone.
    package mutating func forget(_ name: FileName) { watched[name] = nil }

    /// After a full scan: forgets every name that is not there any more.
    package mutating func keep(only names: Set<FileName>) {
        guard watched.count > names.count || !watched.keys.allSatisfy(names.contains) else { return }
        watched = watched.filter { names.contains($0.key) }
    }

    /// The moment of the boot clock at which the next of the waiting names may be complete.
    package func nextDue(after now: Int64) -> Int64? {
        watched.values.lazy.filter { !$0.movedIn && $0.since + settle > now }.map { $0.since + settle }.min()
    }
}
