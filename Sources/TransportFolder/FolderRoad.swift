internal import Folders
package import Vocabulary

/// A share or stick between two agencies, mounted at a path. The bytes are those of the HTTPS transport.
///
///     PATH/cards/AGENCY.card                     each agency's newest card, written by its own collector
///     PATH/FROM-to-TO/ID.consignment             written by the sender as .ID.tmp, synced, renamed; removed by the sender
///     PATH/FROM-to-TO/ID.receipt.p7s             written by the recipient the same way; removed by the sender
///     PATH/FROM-to-TO/ID.refusal.p7s             likewise
///     PATH/FROM-to-TO/statements/ID.HEX.p7s      a later statement about ID (`none` without one), by the sender
///     PATH/FROM-to-TO/statements/ID.HEX.taken    empty: the recipient has it in its ledger; the sender removes both
///     PATH/FROM-to-TO/statements/HASH.witness    the sender's checkpoint to countersign; HASH is the file's SHA-256
///     PATH/FROM-to-TO/statements/HASH.witnessed  what the recipient says to it; the sender removes both
///
/// Only agency ids, consignment ids and digests that were parsed become part of a path. The two folders are made by `prepare`
/// and by nothing else, so that an empty mount point is noticed instead of filled. Files get the mode that the share
/// gives: sticks know no modes, and what is in the files is sealed or signed.
package struct FolderRoad: Hashable, Sendable {
    package let path: String
    package let us: AgencyID
    package let partner: AgencyID

    package init(path: String, us: AgencyID, partner: AgencyID) {
        self.path = path
        self.us = us
        self.partner = partner
    }

    /// Makes the folders of both directions. Done once for a share or stick, by a person's command, while it is mounted.
    package func prepare() async throws {
        try await Blocking.run {
            let root = try Folder(path)
            _ = try Self.make(Self.cards, in: root)
            for direction in [outgoingName, incomingName] {
                _ = try Self.make(Self.statements, in: Self.make(direction, in: root))
            }
        }
    }

    /// A file system without modes refuses to set one, but has made the folder by then.
    private static func make(_ name: String, in parent: Folder) throws(FileTrouble) -> Folder {
        let name = try fileName(name)
        do {
            return try parent.makeSubfolder(name, mode: 0o2770)
        } catch  where error.reason == .notPermitted {
            return try parent.subfolder(name)
        }
    }

    private static let cards = "cards"
    private static let statements = "statements"
    private var outgoingName: String { "\(us)-to-\(partner)" }
    private var incomingName: String { "\(partner)-to-\(us)" }

    /// Where we put consignments. Blocks; `.missing` while the share is not mounted.
    func outgoing() throws(FileTrouble) -> Folder { try Folder(path).subfolder(Self.fileName(outgoingName)) }

    /// Where the partner puts consignments.
    func incoming() throws(FileTrouble) -> Folder { try Folder(path).subfolder(Self.fileName(incomingName)) }

    func statements(in direction: Folder) throws(FileTrouble) -> Folder {
        try direction.subfolder(Self.fileName(Self.statements))
    }

    func cards() throws(FileTrouble) -> Folder { try Folder(path).subfolder(Self.fileName(Self.cards)) }

    static func consignment(_ id: ConsignmentID) throws(FileTrouble) -> FileName { try fileName("\(id).consignment") }
    static func temporary(_ id: ConsignmentID) throws(FileTrouble) -> FileName { try fileName(".\(id).tmp") }
    static func receipt(_ id: ConsignmentID) throws(FileTrouble) -> FileName { try fileName("\(id).receipt.p7s") }
    static func refusal(_ id: ConsignmentID) throws(FileTrouble) -> FileName { try fileName("\(id).refusal.p7s") }
    static func card(_ agency: AgencyID) throws(FileTrouble) -> FileName { try fileName("\(agency).card") }

    static func fileName(_ text: String) throws(FileTrouble) -> FileName {
        guard let name = FileName(text) else { throw FileTrouble("name a file", errno: invalid) }
        return name
    }

    /// EINVAL.
    private static let invalid: Int32 = 22
}
