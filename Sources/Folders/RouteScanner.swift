/// A dropped file that may be claimed now, with the label that lies beside it.
package struct ReadyDrop: Hashable, Sendable {
    package let name: FileName
    package let facts: FileFacts
    /// Claim it before the file, into the same batch.
    package let sidecar: Sidecar?

    package struct Sidecar: Hashable, Sendable {
        package let name: FileName
        package let facts: FileFacts
    }
}

/// What stands in a route folder.
package struct RouteScan: Sendable {
    /// Complete as far as can be seen, the oldest first.
    package var ready: [ReadyDrop] = []
    /// Names that have not stood still for long enough, or wait for a side-car to do so.
    package var waiting = 0
    /// Names that stay where they are until a person acts; `mark` lies beside it and says so, such as a lock file.
    package var problems: [(name: FileName, problem: Problem, mark: FileName?)] = []
    /// Names that are never taken, of which a scan looks at nothing but the name. Only a full scan tells them.
    package var untaken: [(name: FileName, kind: UntakenName)] = []
    /// Our own notes about what is not sent. Only a full scan tells them.
    package var notes: [FileName] = []
}

/// Looks at one route folder: all of it now and then, a single name when a hint says so.
///
/// The scan is the rule, hints only make it quicker. Blocks: use it inside `Blocking.run`.
package struct RouteScanner: Sendable {
    package enum SidecarRule: Sendable {
        case optional
        /// Files wait for their side-car.
        case required
    }

    /// Every name in a folder.
    package typealias Lister = @Sendable (Folder) throws(FileTrouble) -> [FileName]

    private let folder: Folder
    private let rule: SidecarRule
    private let list: Lister
    private var completeness: Completeness

    /// - Parameter settle: nanoseconds.
    package init(
        _ folder: Folder, settle: Int64, sidecars rule: SidecarRule, list: @escaping Lister = RouteScanner.entries
    ) {
        (self.folder, self.rule, self.list) = (folder, rule, list)
        completeness = Completeness(settle: settle)
    }

    package static let entries: Lister = { folder throws(FileTrouble) in try folder.entries() }

    /// Reads the whole folder: one listing, one stat for each name that could be sent.
    ///
    /// - Parameter now: of the boot clock, nanoseconds.
    /// - Throws: `.missing` if the folder was removed: open its successor and make a new scanner.
    package mutating func scan(at now: Int64) throws(FileTrouble) -> RouteScan {
        let names = try list(folder)
        let present = Set(names)
        completeness.keep(only: present)
        let neighbours = Neighbours.listed(present, hasCompanions: names.contains(where: DropName.isCompanion))
        var scan = RouteScan()
        for name in names { try judge(name, .seen, at: now, neighbours).add(to: &scan, name) }
        scan.ready.sort { ($0.facts.stamp.modified, $0.name) < ($1.facts.stamp.modified, $1.name) }
        return scan
    }

    /// Looks at one name after a hint, in about six system calls whatever the folder holds. A side-car's arrival is
    /// also its file's, which may have waited for it.
    package mutating func look(
        at name: FileName, _ sign: Completeness.Sign, at now: Int64
    ) throws(FileTrouble) -> RouteScan {
        var scan = RouteScan()
        if let file = DropName.file(ofSidecar: name) {
            _ = try stand(name, sign, at: now)
            try judge(file, .seen, at: now, .unlisted(folder)).add(to: &scan, file)
        } else {
            try judge(name, sign, at: now, .unlisted(folder)).add(to: &scan, name)
        }
        return scan
    }

    /// To be told when a claim found a writer.
    package mutating func stillWritten(_ name: FileName, at now: Int64) { completeness.stillWritten(name, at: now) }

    /// To be told when a name was claimed.
    package mutating func forget(_ name: FileName) { completeness.forget(name) }

    /// When to look again at the latest, on the boot clock, even if no hint comes.
    package func nextDue(after now: Int64) -> Int64? { completeness.nextDue(after: now) }

    private mutating func judge(
        _ name: FileName, _ sign: Completeness.Sign, at now: Int64, _ neighbours: Neighbours
    ) throws(FileTrouble) -> Verdict {
        if let kind = DropName.untaken(name) { return .untaken(kind) }
        if let problem = Problem(name: name) { return .problem(problem) }
        if DropName.isSidecar(name) { return try judgeSidecar(name, at: now, neighbours) }
        guard let (facts, settled) = try stand(name, sign, at: now) else { return .nothing }
        if let problem = Problem(refusing: facts) { return .problem(problem) }
        if DropName.mayBeNote(name), OurNote.isOne(name, in: folder) { return .note }
        guard settled else { return .waiting }
        if let mark = try neighbours.present(DropName.ownerMarks(of:), name).first {
            return .problem(.openInEditor, mark: mark)
        }
        let isEmpty = facts.size == 0
        if let mark = try neighbours.present({ DropName.transferMarks(of: $0, isEmpty: isEmpty) }, name).first {
            return .problem(.arriving, mark: mark)
        }
        return try withSidecar(name, facts, at: now, neighbours)
    }

    /// Facts of a name and whether it has stood still; nil if it is gone.
    private mutating func stand(
        _ name: FileName, _ sign: Completeness.Sign, at now: Int64
    ) throws(FileTrouble) -> (facts: FileFacts, settled: Bool)? {
        guard let facts = try folder.lookup(name) else {
            completeness.forget(name)
            return nil
        }
        return (facts, completeness.saw(name, facts.stamp, sign, at: now) == .complete)
    }

    private mutating func withSidecar(
        _ name: FileName, _ facts: FileFacts, at now: Int64, _ neighbours: Neighbours
    ) throws(FileTrouble) -> Verdict {
        let sidecars = try neighbours.present(DropName.sidecars(of:), name)
        guard sidecars.count <= 1 else { return .problem(.twoSidecars) }
        guard let sidecar = sidecars.first, let (label, settled) = try stand(sidecar, .seen, at: now) else {
            if rule == .required { return .problem(.sidecarMissing) }
            return .ready(ReadyDrop(name: name, facts: facts, sidecar: nil))
        }
        if Problem(refusing: label) != nil || !settled { return .waiting }
        return .ready(ReadyDrop(name: name, facts: facts, sidecar: .init(name: sidecar, facts: label)))
    }

    /// A side-car is taken along with its file; alone for longer than the settle time it is a problem.
    private mutating func judgeSidecar(
        _ name: FileName, at now: Int64, _ neighbours: Neighbours
    ) throws(FileTrouble) -> Verdict {
        guard let (facts, settled) = try stand(name, .seen, at: now) else { return .nothing }
        if let problem = Problem(refusing: facts) { return .problem(problem) }
        if try !neighbours.present({ DropName.file(ofSidecar: $0).map { [$0] } ?? [] }, name).isEmpty {
            return .nothing
        }
        return settled ? .problem(.sidecarAlone) : .waiting
    }
}

/// What became of one name.
private enum Verdict {
    case ready(ReadyDrop)
    case waiting
    case problem(Problem, mark: FileName? = nil)
    case untaken(UntakenName)
    case note
    case nothing

    func add(to scan: inout RouteScan, _ name: FileName) {
        switch self {
        case .ready(let drop): scan.ready.append(drop)
        case .waiting: scan.waiting += 1
        case .problem(let problem, let mark): scan.problems.append((name, problem, mark))
        case .untaken(let kind): scan.untaken.append((name, kind))
        case .note: scan.notes.append(name)
        case .nothing: break
        }
    }
}

/// The other names of the folder: known from a listing, or to be asked for one by one.
private enum Neighbours {
    /// Most folders hold no side-car and no mark at all, and then nothing needs to be looked for.
    case listed(Set<FileName>, hasCompanions: Bool)
    case unlisted(Folder)

    /// Those of the names belonging to `name` that are there.
    func present(_ names: (FileName) -> [FileName], _ name: FileName) throws(FileTrouble) -> [FileName] {
        switch self {
        case .listed(_, hasCompanions: false): return []
        case .listed(let all, hasCompanions: true): return names(name).filter(all.contains)
        case .unlisted(let folder):
            var found: [FileName] = []
            for other in names(name) where try folder.lookup(other) != nil { found.append(other) }
            return found
        }
    }
}
