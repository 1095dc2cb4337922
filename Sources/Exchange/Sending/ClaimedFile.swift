package import Folders
package import Vocabulary

/// A file that was complete, of which we are sure that nobody writes to it, and that now lies in work/.
///
/// Made by `ClaimDesk`'s success in `Outbox`, or by `resume` from what lies in work/ and belongs to nobody.
package struct ClaimedFile: Sendable {
    package let id: ConsignmentID
    package let place: WorkRegister.Place
    package let folder: Folder
    /// As it lies in work/: valid UTF-8, one path component.
    package let name: String
    package let claimedAt: Instant
    /// Who dropped it: the owner of the file.
    package let account: String
    /// Bytes, when it was taken.
    package let size: Int64
    /// Bytes of the side-car that was claimed with it.
    package let sideCar: [UInt8]?
    /// It goes in front of everything: by its route, or by what its side-car says.
    package let isUrgent: Bool
    /// Whether the kernel vouched that nobody had it open for writing when it was taken.
    package let writerExcluded: Bool
    /// Why it may be less than was dropped; nil if nothing speaks for that.
    package let doubt: PowerCut?
    /// While anybody holds it, the file is somebody's.
    package let claim: WorkClaim

    package var partner: AgencyID { place.folder.partner }
    package var route: RouteName { place.folder.route }
    package var fileName: FileName { place.name }

    fileprivate init(_ found: FoundFile, id: ConsignmentID, claim: WorkClaim, isUrgent: Bool, at now: Instant) {
        self.id = id
        self.claim = claim
        self.isUrgent = isUrgent
        place = found.place
        folder = found.folder
        name = found.name
        claimedAt = now
        account = Account.name(of: found.facts.owner)
        size = found.facts.size
        sideCar = found.sideCar
        writerExcluded = found.writerExcluded
        doubt = found.doubt
    }

    /// The same file under another id.
    func renamed(_ id: ConsignmentID, at now: Instant) -> ClaimedFile {
        claim.rename(id)
        return ClaimedFile(self, id: id, at: now)
    }

    private init(_ old: ClaimedFile, id: ConsignmentID, at now: Instant) {
        self.id = id
        claimedAt = now
        place = old.place
        folder = old.folder
        name = old.name
        account = old.account
        size = old.size
        sideCar = old.sideCar
        isUrgent = old.isUrgent
        writerExcluded = old.writerExcluded
        doubt = old.doubt
        claim = old.claim
    }

    /// A drop that `ClaimDesk` has just moved into work/, or one that lies there already, under the id that the ledger
    /// knows or a new one.
    static func take(
        _ found: FoundFile, id: ConsignmentID, _ claim: WorkClaim, _ law: LawBook, at now: Instant
    ) -> ClaimedFile {
        let isUrgent = law.isUrgent(found.place.folder.route, sideCar: found.sideCar)
        return ClaimedFile(found, id: id, claim: claim, isUrgent: isUrgent, at: now)
    }
}

/// What is known of a file in work/ by looking.
struct FoundFile: Sendable {
    let place: WorkRegister.Place
    let folder: Folder
    let name: String
    let facts: FileFacts
    var sideCar: [UInt8]?
    var writerExcluded = false
    var doubt: PowerCut?

    /// Blocks. Nil if it is gone, or is no file that could have been claimed.
    init?(_ place: WorkRegister.Place, in folder: Folder, _ lastLife: LastLife = .none) throws {
        guard let name = place.name.text, let facts = try folder.lookup(place.name), facts.kind == .regular else {
            return nil
        }
        self.place = place
        self.folder = folder
        self.name = name
        self.facts = facts
        sideCar = SideCars.whatever(beside: place.name, in: folder)
        doubt = lastLife.doubt(place.name, facts, in: folder)
    }

    /// Just claimed.
    init(
        _ drop: ClaimedDrop, _ place: WorkRegister.Place, in folder: Folder, sideCar: [UInt8]?, doubt: PowerCut?
    ) {
        self.place = place
        self.folder = folder
        self.sideCar = sideCar
        self.doubt = doubt
        name = drop.name.text ?? ""
        facts = drop.facts
        writerExcluded = drop.writerExcluded
    }
}
