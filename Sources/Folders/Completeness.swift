/// Decides when a dropped file has stood still for long enough. Pure: facts and the boot clock come in.
///
/// Complete at once is only what came by a rename from elsewhere, or from a name that is never taken. Everything else is
/// complete when its inode, size and times have not changed for `settle`; one that was closed and written again, for
/// longer each time, and an empty one for long: its content may be on its way. Whether a writer is left is asked of the
/// kernel afterwards (`FileClaimer`).
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
        /// Renamed into the folder since the last look: by a program that had finished it.
        case movedIn
        /// Renamed from another name in the folder: what it holds may not have changed for days, or not yet.
        case renamedInside
        /// Somebody who had it open for writing has closed it.
        case closed
    }

    fileprivate struct Watched {
        var stamp: FileStamp
        var since: Int64
        var movedIn: Bool
        /// When it was last seen unchanged.
        var stoodUntil: Int64
        /// When it was last closed by a writer, as far as hints told.
        var closedAt: Int64?
        /// How often it was written again after it had been left alone.
        var returns = 0
    }

    /// The settle time grows to so many times itself, for those who come back to a file and for empty ones.
    private static let mostPatience: Int64 = 6

    private let settle: Int64
    private var watched: [FileName: Watched] = [:]

    /// - Parameter settle: nanoseconds.
    package init(settle: Int64) { self.settle = max(0, settle) }

    /// Takes note of a name and tells whether it is complete.
    package mutating func saw(_ name: FileName, _ stamp: FileStamp, _ sign: Sign = .seen, at now: Int64) -> Verdict {
        var entry = Watched(stamp: stamp, since: now, movedIn: sign == .movedIn, stoodUntil: now)
        if sign == .closed { entry.closedAt = now }
        if let known = watched[name], sign != .renamedInside {
            if known.stamp.isSameFile(as: stamp) { entry.remember(known, now, settle) }
            if known.stamp == stamp {
                entry.since = known.since
                entry.movedIn = entry.movedIn || known.movedIn
            }
        }
        watched[name] = entry
        let due = due(entry)
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
        watched.values.lazy.map(due).filter { $0 > now }.min()
    }

    private func due(_ entry: Watched) -> Int64 {
        if entry.stamp.size == 0 { return entry.since + settle * Self.mostPatience }
        return entry.movedIn ? entry.since : entry.since + settle * min(1 << Int64(entry.returns), Self.mostPatience)
    }
}

extension Completeness.Watched {
    /// Carries over what is known of the same file. A program that closes a file twice in one breath does not come back
    /// to it; a scanner that closes it after each page does, and so does whoever writes on after a pause, of which looks
    /// tell where hints do not.
    fileprivate mutating func remember(_ known: Self, _ now: Int64, _ settle: Int64) {
        returns = min(known.returns, 8)
        closedAt = closedAt ?? known.closedAt
        guard known.stamp != stamp else { return }
        let cameBack = known.closedAt.map { now - max($0, known.since) >= settle / 5 } ?? false
        if cameBack || known.stoodUntil - known.since >= max(1, settle / 2) { returns += 1 }
    }
}
