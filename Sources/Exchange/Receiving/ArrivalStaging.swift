internal import Folders
internal import Ledger
internal import Logging
internal import Transport
internal import Vocabulary

// Where an arrival goes on: begun anew, taken up from a cut connection, or built again from what a former life left; and how
// it comes to rest.

extension Arrivals {
    /// What is surely on disk is marked, so that the next connection, or the next life, goes on from there.
    func rest(_ staging: Staging, after error: any Error) async {
        // A failed sync is never retried: the kernel has dropped the pages.
        if case StagingTrouble.notSynced = error { return staging.discard() }
        // What was judged whole may be what the ledger says is about to be published.
        guard staging.isJudged || staging.next > 1 else { return staging.discard() }
        guard table.mayRest(staging.key) else { return await throwAway(staging) }
        do {
            if staging.next > 1 { try await StagingMarks.set(staging, agency) }
            try await Blocking.run { try staging.cutToSize() }
        } catch {
            agency.log.notice("no staging mark", metadata: ["why": "\(error)"])
        }
        table.rest(staging)
    }

    /// Its sender has so many broken off that no more are kept: it begins this one anew.
    private func throwAway(_ staging: Staging) async {
        guard !staging.isJudged else { return }
        staging.discard()
        try? await agency.ledger.clearStagingMark(ConsignmentKey(.received, staging.key.partner, staging.key.id))
    }

    func staging(
        for admitted: AdmittedWaybill, _ key: StagingKey, startingAt part: Int
    ) async throws -> Staging? {
        let table = table
        if part > 1, let resting = table.resting(key), resting.digest == admitted.opened.digest, resting.next == part {
            return try await promised(admitted, key) { _ in table.wake(key) }
        }
        let marked = ConsignmentKey(.received, key.partner, key.id)
        let mark = try await agency.ledger.stagingMark(marked)
        if part == 1 { return try await anew(admitted, key, mark) }
        guard let mark, mark.waybill == admitted.opened.digest, part <= mark.next else { return nil }
        let resumed = try await promised(admitted, key) { folder in
            _ = table.wake(key)
            return try Staging.resume(admitted, key: key, next: part, in: folder)
        }
        // The mark spoke of bytes that are not there: without it the sender begins anew.
        if resumed == nil { try await agency.ledger.clearStagingMark(marked) }
        return resumed
    }

    /// What came before is given up, but not before there is space for what comes now.
    private func anew(_ admitted: AdmittedWaybill, _ key: StagingKey, _ mark: StagingMark?) async throws -> Staging {
        let table = table
        if let mark { try await giveUp(mark, admitted, key) }
        return try await promised(admitted, key) { folder in
            _ = table.wake(key)
            return try Staging.begin(admitted, key: key, in: folder)
        }
    }

    func giveUp(_ mark: StagingMark, _ admitted: AdmittedWaybill, _ key: StagingKey) async throws {
        try await promised(admitted, key) { _ in }
        try await agency.ledger.clearStagingMark(mark.key)
    }

    struct NoRoom: Error {
        let promise: Promise
        let free: Int64
    }

    /// Space is promised before a byte of it is taken, in one job with what needs it.
    private func promised<Made: Sendable>(
        _ admitted: AdmittedWaybill, _ key: StagingKey, _ make: @escaping @Sendable (Folder) throws -> Made
    ) async throws -> Made {
        let isUrgent = Urgency.isUrgent
        do {
            return try await Blocking.run { [self] in try promisedNow(admitted, key, isUrgent: isUrgent, make) }
        } catch let none as NoRoom {
            throw refused(none)
        }
    }

    /// Blocks. Throws `NoRoom`.
    func promisedNow<Made>(
        _ admitted: AdmittedWaybill, _ key: StagingKey, isUrgent: Bool, _ make: (Folder) throws -> Made
    ) throws -> Made {
        let folder = try agency.layout.staging(key.partner)
        let free = try DiskSpace.free(at: folder)
        let promise = table.promise(
            admitted.waybill.file.size, to: key, isUrgent: isUrgent, free: free, reserve: agency.rules.diskReserve)
        guard promise == .granted else { throw NoRoom(promise: promise, free: free) }
        agency.alarms.alarm("inbox-disk", nil)
        return try make(folder)
    }

    func refused(_ none: NoRoom) -> Problem {
        if none.promise == .partnerFull {
            return Problem(.busy, "Too many bytes are under way from you at a time.", retryAfter: 30)
        }
        agency.alarms.alarm("inbox-disk", "There is no space for what partners send: they are asked to try later.")
        agency.budget.noteLargest(of: .staged, above: none.free)
        return Self.full
    }
}
