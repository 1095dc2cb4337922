#if CRASH_POINTS
    internal import Glibc
    internal import Synchronization
#endif

/// The places between two durable acts. In a debug build the environment `WAYBILL_CRASH_AT=NAME` (or `NAME:3`, for the
/// third pass) makes the process die there as by a power cut; in a release build `pass()` is nothing.
package enum CrashPoint: String, CaseIterable, Sendable {
    // Sending.
    case afterClaimRename, afterClaimSync, afterWorkSync, afterWeigh, beforeSignedCommit, afterSignedCommit, midStream
    case afterLastPart
    case beforeReceiptCommit, afterReceiptCommit, afterSentNotes, afterSideCarMove, afterSentRename
    case afterHeldCommit, afterHeldRename, afterRefusedCommit, afterClockWithdrawal

    // Later statements.
    case afterRecalledCommit, afterStatementTaken, beforeHeardCommit, afterHeardCommit, afterCopyDestroyed
    case beforeCollectionCommit, afterCollectionCommit, beforeNotTakenNote

    // Receiving.
    case afterReserve, afterFirstPart, afterStagingMark, afterWholeDigest, afterStagedSync, afterWaybillJSON
    case beforePublishingCommit, afterPublishingCommit, afterPublishRename, afterInboxSync
    case beforeReceivedCommit, afterReceivedCommit, beforeAnswer

    // Places: the ledger has taken them in; a new mark lies there that it does not know yet; a file that was published and
    // not surely kept is back in staging.
    case afterPlacesRemembered, afterPlaceMarked, afterPutBack

    // Time tokens.
    case beforeTimeTokenKept
    // Ledgers: countersigned and stored; begun anew; some of what was lost is back; all of one partner's is.
    case afterWitnessed, afterEpoch, midRecover, afterRegained
    // A ledger was changed while nobody had it open: that is noted; its sums are kept beside the note.
    case afterChangeNoted, afterChangedSumsKept
    // Keys.
    case afterKeyPrepared, afterOwnCardRecorded, afterCertificateWritten, afterOwnCardReplaced, afterKeyRetired
    case afterIdentityRemembered, afterPartnerCardRecorded, afterPartnerCardReplaced

    // The folder transport.
    case afterConsignmentWritten, afterConsignmentRename, afterConsignmentSync, afterReceiptFile

    // Erasure.
    case afterErasedCommit, afterErasedFiles

    #if CRASH_POINTS
        package func pass() {
            guard let planned = PlannedCrash.fromEnvironment, planned.point == self else { return }
            guard PlannedCrash.passes.add(1, ordering: .relaxed).newValue == planned.pass else { return }
            kill(getpid(), SIGKILL)
        }
    #else
        @inlinable
        package func pass() {}
    #endif
}

#if CRASH_POINTS
    /// `NAME` or `NAME:PASS`, passes counted from 1.
    struct PlannedCrash: Hashable, Sendable {
        let point: CrashPoint
        let pass: Int

        static let passes = Atomic<Int>(0)
        static let fromEnvironment: PlannedCrash? = unsafe getenv("WAYBILL_CRASH_AT").flatMap {
            unsafe PlannedCrash(String(cString: $0))
        }

        init?(_ text: String) {
            let fields = text.split(separator: ":", omittingEmptySubsequences: false)
            guard (1...2).contains(fields.count), let point = CrashPoint(rawValue: String(fields[0])) else {
                return nil
            }
            guard let pass = fields.count == 1 ? 1 : Int(fields[1]), pass >= 1 else { return nil }
            self.point = point
            self.pass = pass
        }
    }
#endif
