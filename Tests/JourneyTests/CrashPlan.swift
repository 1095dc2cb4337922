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
            .sender, .routine, "afterClaimRename", "afterClaimSync", "afterWeigh", "beforeSignedCommit",
            "afterSignedCommit", "midStream", "afterLastPart", "beforeReceiptCommit", "afterReceiptCommit",
            "afterSentNotes", "afterSentRename")
        + plans(.sender, .held, "afterHeldCommit", "afterHeldRename")
        + plans(.sender, .refused, "afterRefusedCommit")
        + plans(
            .recipient, .routine, "afterReserve", "afterFirstPart", "afterWholeDigest", "afterStagedSync",
            "afterWaybillJSON", "beforePublishingCommit", "afterPublishingCommit", "afterPublishRename",
            "afterInboxSync", "beforeReceivedCommit", "afterReceivedCommit", "beforeAnswer")
        + plans(.recipient, .cutOff, "afterStagingMark")
        + plans(.sender, .folder, "afterConsignmentWritten", "afterConsignmentRename")
        + plans(.recipient, .folder, "afterReceiptFile")

    /// Places of the usual road that matter on a share too, where nobody asks before it sends again.
    static let alsoByFolder =
        plans(.sender, .folder, "midStream", "beforeReceiptCommit", "afterReceiptCommit")
        + plans(.recipient, .folder, "afterFirstPart", "afterPublishingCommit", "afterReceivedCommit")

    static func of(_ situations: Situation...) -> [CrashPlan] { all.filter { situations.contains($0.situation) } }
}
