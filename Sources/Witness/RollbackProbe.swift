package import Exchange
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
package import Transport
package import Vocabulary

/// Asks every partner, before anything is exchanged with it, which checkpoint of ours it holds: a restored backup is
/// noticed by what others have seen.
package actor RollbackProbe {
    private let agency: Agency
    private let rollback: RollbackState
    private let noteKeys: NoteKeys
    private let couriers: CourierSource
    private var asking: [AgencyID: Task<TryLater?, Never>] = [:]
    /// When it could not be asked last, by the clock that never jumps.
    private var failed: [AgencyID: Double] = [:]
    /// Seconds for one answer.
    private static let patience = 5.0
    /// Seconds before one who could not be asked is asked again because something came from it.
    private static let pause = 30.0

    /// - Parameter agency: behind a guard that asks nobody, because this is who asks.
    package init(agency: Agency, rollback: RollbackState, noteKeys: NoteKeys, couriers: @escaping CourierSource) {
        (self.agency, self.rollback, self.noteKeys) = (agency, rollback, noteKeys)
        self.couriers = couriers
    }

    /// At the start of the daemon. Who does not answer is asked again before anything is exchanged with it.
    package func check() async {
        let memory = RecoveryMemory(agency.ledger)
        do {
            let start = try await memory.standstill(asking: agency.partners.all.map(\.id))
            rollback.change { $0 = start }
        } catch {
            agency.log.error("it cannot be read whether we stand still", metadata: ["why": "\(error)"])
        }
        if rollback.isStopped { announce() }
        await withDiscardingTaskGroup { group in
            for partner in rollback.standstill.unasked { group.addTask { _ = await self.ask(partner) } }
        }
        rollback.change { $0.checked() }
    }

    /// What must be asked or fetched before anything is exchanged with a partner. Nil: go on.
    /// - Parameter isComing: something came from it. Then it is not asked each time, if it cannot be reached.
    package func admit(_ partner: AgencyID, isComing: Bool) async -> TryLater? {
        if let known = asking[partner] { return await known.value }
        if isComing, let last = failed[partner], agency.clock.boot() < last + Self.pause { return nil }
        let task = Task { await self.askAndFetch(partner) }
        asking[partner] = task
        defer { asking[partner] = nil }
        return await task.value
    }

    private func askAndFetch(_ partner: AgencyID) async -> TryLater? {
        if rollback.standstill.unasked.contains(partner), let why = await ask(partner) {
            failed[partner] = agency.clock.boot()
            return why
        }
        failed[partner] = nil
        guard rollback.isClear, let since = rollback.standstill.owed[partner] else { return nil }
        do throws(TryLater) {
            try await LedgerRecovery(agency: agency, rollback: rollback, couriers: couriers).fetch(
                from: partner, since: since)
            return nil
        } catch {
            return error
        }
    }

    /// Asks again, because a partner says that it cannot follow our ledger. Its word alone stops nothing.
    func doubt(_ partner: AgencyID) async { _ = await ask(partner) }

    /// Nil once it has answered, or if its road carries no questions.
    private func ask(_ partner: AgencyID) async -> TryLater? {
        switch await question(partner) {
        case .failure(let why) where why.reason == .misunderstood: break
        case .failure(let why): return why
        case .success(nil): break
        case .success(let text?):
            do { try await judge(text, by: partner) } catch {
                agency.log.error(
                    "a partner's answer about our ledger was not believed",
                    metadata: ["partner": "\(partner)", "why": "\(error)"])
            }
        }
        rollback.change { $0.answered(partner) }
        return nil
    }

    private func question(_ partner: AgencyID) async -> Result<String?, TryLater> {
        let courier: any Courier
        do { courier = try couriers(partner) } catch { return .failure(TryLater(.ours, "\(error)")) }
        return await withTaskGroup(of: Result<String?, TryLater>.self) { group in
            group.addTask {
                do throws(TryLater) { return .success(try await courier.witnessedCheckpoint()) } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(Self.patience))
                return .failure(TryLater(.timedOut, "It did not say in time which checkpoint of ours it holds."))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failure(TryLater(.timedOut, "It was not asked."))
        }
    }

    private func judge(_ text: String, by partner: AgencyID) async throws {
        let ledger = agency.ledger
        let remembrance = try WitnessedCheckpoint(text, us: await ledger.origin, noteKeys)
        let head = try Checkpoint(body: SignedNote(kept: Array(try await ledger.checkpoint().utf8)).body)
        let former = try await RecoveryMemory(ledger).formerOrigins
        let what = try await remembrance.verdict(against: head, former: former, noteKeys) {
            try await ledger.consistencyProof(from: $0, to: $1)
        }
        guard let what else { return }
        await stop(
            Standstill.Notice(
                what: what, by: partner, theirs: remembrance.checkpoint.size, ours: head.size, at: agency.clock.now(),
                origin: remembrance.checkpoint.origin, note: remembrance.note))
    }

    private func stop(_ notice: Standstill.Notice) async {
        rollback.change { $0.noticed(notice) }
        do { try await RecoveryMemory(agency.ledger).remember(rollback.standstill.notices) } catch {
            agency.log.error("not remembered that we stand still", metadata: ["why": "\(error)"])
        }
        announce()
    }

    private func announce() {
        let notices = rollback.standstill.notices
        agency.alarms.alarm(
            RollbackState.alarm,
            """
            Our ledger is not the newest: a backup was put back, its disk lost the end of it, or it was changed. \
            \(notices.map(\.words).joined(separator: " ")) Nothing is claimed, taken in or signed. If you restored a \
            backup, or the disk failed and is sound again: waybill recover --because TEXT. If not, stop waybilld and \
            keep a copy of the ledger first.
            """)
        agency.log.critical(
            "standing still: our ledger is not the newest that partners have seen",
            metadata: ["noticed by": "\(notices.compactMap { $0.by?.text }.joined(separator: " "))"])
    }
}
