package import Exchange
internal import Folders
internal import Ledger
internal import Logging
internal import Statements
internal import Transport
internal import Vocabulary

/// Has a restored ledger go on: under a new name, with what the partners give back.
///
///     new epoch ─► owed by every partner ─► fetched, verified, written ─► standstill ends
///                                            └► cannot be reached: fetched before exchange with it goes on
///
/// Every step is remembered, so that a crash, or a second time, goes on where it was.
package struct LedgerRecovery: Sendable {
    private let agency: Agency
    private let rollback: RollbackState
    private let couriers: CourierSource
    private static let day: Int64 = 86_400
    private static let mostPages = 20_000

    package init(agency: Agency, rollback: RollbackState, couriers: @escaping CourierSource) {
        (self.agency, self.rollback, self.couriers) = (agency, rollback, couriers)
    }

    /// Throws `OfficerProblem` unless we stand still, or a person says that a backup was put back all the same.
    package func recover(because: String, by account: String, evenSo: Bool) async throws -> RecoveryReport {
        let memory = RecoveryMemory(agency.ledger)
        if !rollback.isStopped {
            guard evenSo, rollback.isClear else {
                throw OfficerProblem.refused(
                    "No partner has seen more of our ledger than is here. If you put a backup back all the same: --even-so"
                )
            }
            try await standStill(account)
        }
        let epoch: Epoch
        if let begun = try await begunEpoch() { epoch = begun } else { epoch = try await begin(because, account) }
        var report = RecoveryReport(epoch)
        for (partner, since) in rollback.standstill.owed.sorted(by: { $0.key < $1.key }) {
            do throws(TryLater) { report.add(try await fetch(from: partner, since: since)) } catch {
                report.unreached[partner] = error.explanation
            }
        }
        try await goOn(memory)
        report.silent = rollback.standstill.silent.sorted()
        return report
    }

    private func standStill(_ account: String) async throws {
        let head = try Checkpoint(body: SignedNote(kept: Array(try await agency.ledger.checkpoint().utf8)).body)
        let notice = Standstill.Notice(
            what: .told, by: nil, theirs: head.size, ours: head.size, at: agency.clock.now(), origin: "", note: "")
        rollback.change { $0.noticed(notice) }
        try await RecoveryMemory(agency.ledger).remember(rollback.standstill.notices)
        agency.log.warning("standing still: a person says that a backup was put back", metadata: ["by": "\(account)"])
    }

    private func goOn(_ memory: RecoveryMemory) async throws {
        let now = agency.clock.now()
        try await memory.recovered(at: now)
        rollback.change { $0.recovered(at: now) }
        agency.alarms.alarm(RollbackState.alarm, nil)
        _ = try await agency.ledger.checkpoint()
        agency.log.notice("our ledger goes on under a new name")
        for partner in agency.partners.all { agency.signals.send(.exchanged(partner.id)) }
    }

    // MARK: - The new epoch

    /// By a recovery of this standstill that did not come to its end.
    private func begunEpoch() async throws -> Epoch? {
        guard let noticedAt = rollback.standstill.notices.map(\.at).min(),
            let last = try await agency.ledger.agencyEvents([.epoch], of: nil).last, last.leaf.at >= noticedAt
        else { return nil }
        return try last.detail.map { try Epoch(EventDetail(parsing: $0)) }
    }

    /// First what every partner owes us is remembered, then the name changes: a crash between loses neither.
    private func begin(_ because: String, _ account: String) async throws -> Epoch {
        let notices = rollback.standstill.notices
        let newest = try await newestMoment()
        for partner in agency.partners.all.map(\.id) {
            try await RecoveryMemory(agency.ledger).owe(partner, since: newest)
            rollback.change { $0.owe(partner, since: newest) }
        }
        let ours = notices.map(\.ours).min() ?? 0
        let gap = notices.filter { $0.what == .ahead }.map { $0.theirs - ours }.max()
        var facts: [String: JSON] = [
            "because": .string(because), "by": .string(Person.named(account)),
            "noticed": .array(notices.map(\.json)), "since": .string(newest.description), "size": .integer(ours),
        ]
        facts["gap"] = gap.map(JSON.integer)
        let origin = try await agency.ledger.beginEpoch(facts, at: agency.clock.now())
        CrashPoint.afterEpoch.pass()
        facts["origin"] = .string(origin.description)
        return try Epoch(EventDetail(facts))
    }

    /// The last moment that our ledger knows of; what came after it is lost here.
    private func newestMoment() async throws -> Instant {
        var moments = try await agency.ledger.agencyEvents([.opened, .partnerAdded, .cardChanged], of: nil).map(
            \.leaf.at)
        for direction in Direction.allCases {
            var filter = LedgerFilter()
            filter.direction = direction
            moments += try await agency.ledger.list(filter, after: nil, limit: 1).map(\.lastMoment)
        }
        return moments.max() ?? Instant(seconds: 0)
    }

    // MARK: - What partners give back

    /// Everything that one partner knows since; afterwards it is owed nothing more.
    @discardableResult
    func fetch(from id: AgencyID, since: Instant) async throws(TryLater) -> RegainedCount {
        let memory = RecoveryMemory(agency.ledger)
        do {
            guard let partner = agency.partners[id] else { throw UnknownPartner(id: id) }
            let count = try await pages(of: partner, since: since)
            CrashPoint.afterRegained.pass()
            try await memory.fetched(id)
            rollback.change { $0.fetched(id) }
            tell(count)
            return count
        } catch let trouble as TryLater where trouble.reason == .misunderstood {
            try? await memory.isSilent(id, at: agency.clock.now())
            rollback.change { $0.isSilent(id) }
            return RegainedCount(partner: id)
        } catch let trouble as TryLater {
            throw trouble
        } catch {
            throw TryLater(.ours, "What \(id) knows could not be fetched: \(error)")
        }
    }

    private func pages(of partner: Partner, since: Instant) async throws -> RegainedCount {
        let (courier, rows) = (try couriers(partner.id), RecoveredRows(agency: agency))
        var count = RegainedCount(partner: partner.id)
        var (last, seen, ends): (ConsignmentID?, Set<ConsignmentID>, Set<ConsignmentID>) = (nil, [], [])
        for _ in 0..<Self.mostPages {
            let bytes = try await courier.exchanged(since: since.adding(seconds: -Self.day), after: last)
            if bytes.isEmpty { return count }
            let page = try RecoveredPage(bytes, from: partner, agency)
            for regained in page.consignments where seen.insert(regained.waybill.id).inserted {
                count.add(try await rows.take(regained), regained.direction)
                if try await isGone(regained) { count.missing.append(regained.waybill.id) }
            }
            count.refused += page.refused
            guard let end = page.last, ends.insert(end).inserted else { return count }
            last = end
        }
        return count
    }

    /// A file that we signed for, and that neither lies in the inbox nor was noted there: it went with the lost disk.
    private func isGone(_ regained: RecoveredConsignment) async throws -> Bool {
        guard regained.direction == .received, case .receipt? = regained.answer?.content else { return false }
        let (partner, waybill) = (regained.partner, regained.waybill)
        let layout = agency.layout
        let route = try agency.law.inboxFolder(waybill.label.route, from: partner, to: agency.us.id)
        return try await Blocking.run {
            // Of a folder that is away nothing is said.
            guard (try? layout.confirm(.inbox, [partner.text, route.text])) != nil else { return false }
            let inbox = try layout.inbox(partner, route)
            let notes = try layout.waybills(partner)
            return try notes.lookup(Names.file("\(waybill.id).json")) == nil
                && inbox.lookup(Names.file(SafeName.forInbox(waybill.file.name))) == nil
        }
    }

    private func tell(_ count: RegainedCount) {
        agency.log.notice(
            "a partner gave back what our ledger had lost",
            metadata: [
                "partner": "\(count.partner)", "sent": "\(count.sent)", "received": "\(count.received)",
                "missing": "\(count.missing.count)", "unverified": "\(count.refused)",
            ])
        guard !count.missing.isEmpty else { return }
        let some = count.missing.prefix(10).map(\.text).joined(separator: " ")
        agency.alarms.alarm(
            "missing-after-restore/\(count.partner)",
            """
            We signed for \(count.missing.count) files of \(count.partner) that are no longer in the inbox. Unless somebody \
            took them, ask \(count.partner) to send them again: \(some)
            """)
    }
}
