/// How far the kernel tells us who still writes to the files of a folder.
package enum LeaseTrust: Hashable, Sendable {
    /// Of everybody's files.
    case all
    /// Of our own only: those of others take CAP_LEASE.
    case ours
    /// Not on this file system.
    case none

    /// For this process, as it is now.
    package static func of(_ folder: Folder) -> LeaseTrust {
        guard FileSystemKind.of(folder).leasesWork else { return .none }
        return Capability.lease.isInEffect ? .all : .ours
    }

    /// Why settle alone decides; nil where it does not.
    package var why: String? {
        switch self {
        case .all: nil
        case .ours: "CAP_LEASE is missing: the kernel does not tell who writes to files of other accounts"
        case .none: "this file system does not tell who writes to a file"
        }
    }
}
