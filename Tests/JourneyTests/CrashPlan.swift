import Foundation
import Testing

/// Where a daemon is made to die, and what has to be going on for it to come by there.
struct CrashPlan: Sendable, CustomTestStringConvertible {
    enum Side: Sendable { case sender, recipient }

    enum Situation: Sendable {
        case routine
        /// Policy holds the file.
        case held
        /// The recipient refuses it.
        case refused
        /// The connection breaks in the middle, as the sender dies too.
        case cutOff
        /// The file goes by a shared folder.
        case folder
        /// What was delivered is asked back.
        case recall
        /// The recipient answers that it is destroyed.
        case answer
        /// A time authority has stamped our checkpoint.
        case stamped
        /// A new version takes the place of what was delivered.
        case correction
        /// What was delivered is erased.
        case erasure
        /// The other's ledger is countersigned.
        case witness
        /// After a restored backup.
        case recover
        /// A key is rotated or retired, and the partner takes the card.
        case keys
        /// Folders are marked, accepted, or not believed: `PlaceJourneys`.
        case places
        /// A received file was taken away.
        case collected
        /// What was signed by a clock ahead of the time is signed anew: `ClockJourneys`.
        case clock
        /// The ledger was changed while nobody had it open: `ChangedLedgerJourneys`.
        case changed
        /// Nobody takes an urgent file: `UrgentReadJourneys`.
        case urgent
    }

    let point: String
    let side: Side
    var situation = Situation.routine

    var testDescription: String { "\(side) dies at \(point)" }

    private static func plans(_ side: Side, _ situation: Situation = .routine, _ points: String...) -> [CrashPlan] {
        points.map { CrashPlan(point: $0, side: side, situation: situation) }
    }

    /// Every case of `CrashPoint` stands here once; a test compares the two.
    static let all =
        plans(
            .sender, .routine, "afterClaimRename", "afterClaimSync", "afterWorkSync", "afterWeigh",
            "beforeSignedCommit", "afterSignedCommit", "midStream", "afterLastPart", "beforeReceiptCommit",
            "afterReceiptCommit", "afterSentNotes", "afterSideCarMove", "afterSentRename")
        + plans(.sender, .held, "afterHeldCommit", "afterHeldRename")
        + plans(.sender, .refused, "afterRefusedCommit")
        + plans(
            .recipient, .routine, "afterReserve", "afterFirstPart", "afterWholeDigest", "afterStagedSync",
            "afterWaybillJSON", "beforePublishingCommit", "afterPublishingCommit", "afterPublishRename",
            "afterInboxSync", "beforeReceivedCommit", "afterReceivedCommit", "beforeAnswer")
        + plans(.recipient, .cutOff, "afterStagingMark")
        + plans(.sender, .folder, "afterConsignmentWritten", "afterConsignmentRename", "afterConsignmentSync")
        + plans(.recipient, .folder, "afterReceiptFile")
        + plans(.sender, .recall, "afterRecalledCommit", "afterStatementTaken")
        + plans(.recipient, .recall, "beforeHeardCommit", "afterHeardCommit")
        + plans(.recipient, .answer, "afterCopyDestroyed")
        + plans(.sender, .stamped, "beforeTimeTokenKept")
        + plans(.sender, .erasure, "afterErasedCommit", "afterErasedFiles")
        + plans(.recipient, .witness, "afterWitnessed")
        + plans(.sender, .recover, "afterEpoch", "midRecover", "afterRegained")
        + plans(
            .sender, .keys, "afterKeyPrepared", "afterOwnCardRecorded", "afterCertificateWritten",
            "afterOwnCardReplaced", "afterKeyRetired")
        + plans(
            .recipient, .keys, "afterIdentityRemembered", "afterPartnerCardRecorded", "afterPartnerCardReplaced")
        + plans(.recipient, .places, "afterPlacesRemembered", "afterPlaceMarked", "afterPutBack")
        + plans(.recipient, .collected, "beforeCollectionCommit", "afterCollectionCommit")
        + plans(.sender, .clock, "afterClockWithdrawal")
        + plans(.sender, .changed, "afterChangeNoted", "afterChangedSumsKept")
        + plans(.sender, .urgent, "beforeNotTakenNote")

    /// Places of the usual road that matter on a share too, where nobody asks before it sends again.
    static let alsoByFolder =
        plans(.sender, .folder, "midStream", "beforeReceiptCommit", "afterReceiptCommit")
        + plans(.recipient, .folder, "afterFirstPart", "afterPublishingCommit", "afterReceivedCommit")

    /// The other side of an answer.
    static let alsoAnswering =
        plans(.recipient, .answer, "afterStatementTaken")
        + plans(.sender, .answer, "beforeHeardCommit", "afterHeardCommit")

    /// How far a file had come when it is asked back.
    static let arriving = plans(
        .recipient, .routine, "afterFirstPart", "afterWholeDigest", "afterPublishingCommit", "afterPublishRename",
        "afterReceivedCommit")

    /// Places that the second file passes with more in its commits than the first.
    static let correcting =
        plans(.sender, .correction, "beforeSignedCommit:2", "afterSignedCommit:2", "afterReceiptCommit:2")
        + plans(.recipient, .correction, "afterHeardCommit")

    static func of(_ situations: Situation...) -> [CrashPlan] { all.filter { situations.contains($0.situation) } }
}
