internal import Folders
internal import Foundation
package import LedgerSQLite
internal import Settings

/// What stands between us and a ledger that may be built on: that it is there, and that its disk did not fail.
package struct LedgerDoor: Sendable {
    private let premises: InstalledAgency

    package init(_ premises: InstalledAgency) { self.premises = premises }

    private var path: String { premises.folders.ledger }
    /// Beside the settings, not beside the ledger: that disk is the one that may be missing.
    private var memory: String { "\(premises.folders.root)/.has-ledger" }

    /// Whether this installation ever had a ledger: then a missing one is not made anew.
    /// Throws `FileTrouble` if that cannot be known: then none is made either.
    var hadOne: Bool { get throws { try FileSystem.isThere(memory) } }

    /// Durable on return.
    func rememberOne() throws {
        guard try !hadOne else { return }
        try FileSystem.write(Array("\(path)\n".utf8), to: memory, mode: 0o640)
    }

    /// Where it is remembered that the ledger's disk failed.
    package var mark: EndMark {
        EndMark(
            ledger: path, runtime: RuntimeFolder.candidates(environment: ProcessInfo.processInfo.environment))
    }

    /// What to do about a ledger that was here once and is not now; nil if all is well, or none was ever made.
    package var missing: Trouble? {
        get throws {
            guard try hadOne, try !FileSystem.isThere(path) else { return nil }
            return absence
        }
    }

    private var absence: Trouble {
        Trouble(
            "The ledger is missing: nothing is claimed, taken in or signed until it is back.",
            why: "\(path) is not there, and this installation had it. Most likely its disk is not mounted.",
            fix:
                "Mount it: the daemon goes on by itself. If it is lost, put the newest backup there and run waybill recover. "
                + "Whom to ring: whoever looks after this machine.")
    }
}
