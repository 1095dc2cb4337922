package import Folders
internal import Law
package import Vocabulary

/// A file that was complete, of which we are sure that nobody writes to it, and that now lies in work/.
///
/// Made by `FileClaimer`'s success in `Outbox`, or by `WorkLook` from what lies in work/ and belongs to nobody.
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
    /// Bytes of the label that was claimed with it and counts.
    package let sideCar: [UInt8]?
    /// Whose account the label belongs to that was claimed with it; nil if there was none.
    package let labelledBy: String?
    /// There is a label, and it is of somebody who may not label this file.
    package let isLabelStrange: Bool
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

    /// Blocks: it asks who an account is.
    ///
    /// A drop that `FileClaimer` has just moved into work/, or one that lies there already, under the id that the ledger
    /// knows or a new one.
    init(_ found: FoundFile, id: ConsignmentID, _ claim: WorkClaim, _ labels: LabelRules, at now: Instant) {
        self.id = id
        self.claim = claim
        let counts = found.sideCar.map { labels.authors.counts($0.owner, for: found.facts.owner) } ?? true
        isLabelStrange = !counts
        labelledBy = found.sideCar.map { Account.name(of: $0.owner) }
        sideCar = counts ? found.sideCar?.bytes : nil
        isUrgent = labels.law.isUrgent(found.place.folder.route, sideCar: sideCar)
        place = found.place
        folder = found.folder
        name = found.name
        claimedAt = now
        account = Account.name(of: found.facts.owner)
        size = found.facts.size
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
        labelledBy = old.labelledBy
        isLabelStrange = old.isLabelStrange
        isUrgent = old.isUrgent
        writerExcluded = old.writerExcluded
        doubt = old.doubt
        claim = old.claim
    }
}

/// Whose label counts beside a file, and what it may say.
struct LabelRules: Sendable {
    let authors: LabelAuthors
    let law: LoadedLaw
}

/// What is known of a file in work/ by looking.
struct FoundFile: Sendable {
    let place: WorkRegister.Place
    let folder: Folder
    let name: String
    let facts: FileFacts
    var sideCar: SideCar?
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
        sideCar = SideCars.read(beside: place.name, in: folder)
        doubt = lastLife.doubt(place.name, facts, in: folder)
    }

    /// Just claimed.
    init(
        _ drop: ClaimedDrop, _ place: WorkRegister.Place, in folder: Folder, sideCar: SideCar?, doubt: PowerCut?
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
