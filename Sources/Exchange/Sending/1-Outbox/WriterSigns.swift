internal import Folders
internal import Logging

/// What tells whether somebody still writes: hints of the kernel, and read leases where they are to be had.
extension FolderHint.Kind {
    var sign: Completeness.Sign {
        switch self {
        case .movedIn: .movedIn
        case .renamedInside: .renamedInside
        case .closedAfterWriting: .closed
        case .movedOut, .removed, .opened, .overflow, .folderGone: .seen
        }
    }
}

extension Outbox {
    /// Once a life: where leases are not to be had, a file that a program keeps open without writing is taken for whole.
    func sayWhetherLeased(_ trust: LeaseTrust) {
        guard let why = trust.why, agency.alarms.isFirst("leases: \(why)") else { return }
        agency.log.warning(
            "settle alone decides when a dropped file is whole",
            metadata: ["why": "\(why)", "settle": "\(agency.rules.settle) s"])
    }
}
