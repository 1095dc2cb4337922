internal import Envelope
internal import Folders
internal import Inspection
internal import Ledger
internal import Logging
internal import Policy
internal import Synchronization
package import Transport
package import Vocabulary

/// The sending half of the daemon: outbox to receipt.
///
///     Outbox ─► weigh ─► label ─► sign ─► Dispatcher (one a partner) ─► SentTray
///                          └► hold ─────────────────────────────────────► held/
package final class Sending: Sendable {
    let office: Office
    private let couriers: @Sendable (Partner) throws -> any Courier
    let dispatchers = Mutex<[AgencyID: (Dispatcher, Task<Void, Never>)]>([:])
    private let parts: Mutex<Parts?> = Mutex(nil)
    let prepared = WorkQueue<ClaimedFile>()
    /// Whether what a former life left has been looked through: until then nobody may move files in work/.
    let isRecovered = Mutex(false)
    /// What waits for partners who were removed.
    let parked = Mutex<[AgencyID: [SignedWaybill]]>([:])
    /// Open rows whose file a restart did not find.
    let lostAndFound = Mutex<[ConsignmentRecord]>([])

    /// What needs `self` to be made.
    private struct Parts: Sendable {
        let outbox: Outbox
        let tray: SentTray
    }

    /// - Parameter couriers: makes the courier that a partner's settings ask for.
    package init(office: Office, couriers: @escaping @Sendable (Partner) throws -> any Courier) {
        self.office = office
        self.couriers = couriers
        let queue = prepared
        let box = OutboxBox()
        let tray = SentTray(office: office) { claimed in await box.outbox?.finished(claimed) }
        let outbox = Outbox(office: office) { files in
            for file in files { await queue.put(file) }
        }
        box.set(outbox)
        parts.withLock { $0 = Parts(outbox: outbox, tray: tray) }
    }

    var outbox: Outbox? { parts.withLock { $0?.outbox } }
    var tray: SentTray? { parts.withLock { $0?.tray } }

    /// How many files are weighed, labelled and signed at a time.
    private static let preparers = 12

    /// Finishes what a former life left, then claims and sends until cancelled.
    package func run() async throws {
        try await office.barrier.untilClear(office.standing)
        try await recover()
        isRecovered.withLock { $0 = true }
        await withDiscardingTaskGroup { group in
            for _ in 0..<Self.preparers { group.addTask { await self.prepareAll() } }
            group.addTask { await self.outbox?.run() }
            await self.untilCancelled()
            await self.stop()
            group.cancelAll()
        }
        await tray?.drain()
    }

    private func untilCancelled() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(30))
            if !Task.isCancelled { await lookForMissing() }
        }
    }

    private func stop() async {
        await outbox?.stop()
        await prepared.close()
        let running = dispatchers.withLock { Array($0.values) }
        for (dispatcher, task) in running {
            await dispatcher.stop()
            task.cancel()
            await dispatcher.gate.wakeAll()
        }
        for (_, task) in running { await task.value }
    }

    private func prepareAll() async {
        while !Task.isCancelled, let claimed = await prepared.take() { await prepare(claimed) }
    }

    /// One claimed file: on its way, or held with a reason. Trouble of our own (disk, ledger) is tried again for ever.
    private func prepare(_ claimed: ClaimedFile) async {
        guard office.barrier.mayClaim(for: claimed.partner) else { return later(claimed) }
        do {
            async let looked = look(into: claimed)
            let weighed = try await Weigher.weigh(claimed)
            try await decide(weighed, await looked)
            office.standing.alarm("prepare", nil)
        } catch let trouble as FileTrouble where trouble.reason == .missing {
            office.log.error("a claimed file is gone", metadata: ["consignment": "\(claimed.id)"])
            await outbox?.finished(claimed)
        } catch {
            office.standing.alarm("prepare", "Claimed files cannot be prepared: \(error). They are tried again.")
            office.log.error(
                "not prepared, tried again", metadata: ["consignment": "\(claimed.id)", "why": "\(error)"])
            later(claimed, after: 5)
        }
    }

    private func decide(_ weighed: WeighedFile, _ inspection: Inspection?) async throws {
        let now = office.now()
        let revocation = office.partners.revocation(of: weighed.claimed.partner)
        switch Labeller(office).label(weighed, inspection, at: now) {
        case .labelled(var labelled):
            if let revocation { return try await hold(labelled.held(revocation.finding)) }
            for finding in [try await sentBefore(weighed), try await replacementTrouble(labelled)].compactMap(\.self) {
                guard let urgent = labelled.goingOn(despite: finding) else {
                    return try await hold(labelled.held(finding))
                }
                labelled = urgent
            }
            try await send(labelled, after: Records.beginning(weighed, at: now))
        case .held(let held): try await hold(held)
        }
    }

    private func hold(_ held: HeldFile) async throws {
        guard let tray else { return }
        try await Holding(office: office, tray: tray).hold(held)
    }

    /// A correction names a consignment that this partner has, or may have, from us.
    func replacementTrouble(_ labelled: LabelledFile) async throws -> Finding? {
        guard let old = labelled.grounds.replaces?.consignment else { return nil }
        let partner = labelled.weighed.claimed.partner
        let record = try await office.ledger.record(ConsignmentKey(.sent, partner, old))
        let mayHaveIt: Set<ConsignmentState> = [.signed, .dispatching, .delivered]
        if let record, mayHaveIt.contains(record.state) || record.receiptSHA256 != nil { return nil }
        return Finding(
            rule: "R-065", citation: "UK GDPR Art 19; DPA 2018 s.38(5)(c)",
            found: "The label says that this file takes the place of \(old), which was never sent to \(partner).",
            fix: "Write the id of what was sent to them under supersedes, or leave supersedes out.")
    }

    private func send(_ labelled: LabelledFile, after events: [NewEvent]) async throws {
        guard let partner = office.partners[labelled.weighed.claimed.partner] else {
            throw UnknownPartner(id: labelled.weighed.claimed.partner)
        }
        let signed = try await Signer(office: office).sign(labelled, to: partner, after: events)
        do { try await dispatcher(for: partner.id).enqueue(signed, mayBeThere: false) } catch is UnknownPartner {
            // Gone while it was being signed.
            guard let revocation = office.partners.revocation(of: partner.id) else { return park(signed) }
            await halt(signed, revocation.finding)
        }
    }

    /// The dispatcher of a partner, made and started when first needed.
    func dispatcher(for id: AgencyID) throws -> Dispatcher {
        guard let partner = office.partners[id] else { throw UnknownPartner(id: id) }
        if let (known, _) = dispatchers.withLock({ $0[id] }) { return known }
        guard let tray else { throw UnknownPartner(id: id) }
        let courier = try couriers(partner)
        return dispatchers.withLock { table in
            if let (known, _) = table[id] { return known }
            let made = Dispatcher(office: office, partner: id, courier: courier, tray: tray)
            table[id] = (made, Task { await made.run() })
            return made
        }
    }

    package func courier(for partner: Partner) throws -> any Courier { try couriers(partner) }
    /// The courier that carries consignments too, for questions between ledgers.
    package func questions(to id: AgencyID) throws -> any Courier { try dispatcher(for: id).courier }

    /// After a card changed, a partner went or came back: the next delivery uses a new courier. What waits for a partner
    /// who is gone is kept until they are added again.
    package func partnerChanged(_ id: AgencyID) async {
        var waiting = parked.withLock { $0.removeValue(forKey: id) ?? [] }
        if let (dispatcher, task) = dispatchers.withLock({ $0.removeValue(forKey: id) }) {
            await dispatcher.stop()
            task.cancel()
            await dispatcher.gate.wakeAll()
            await task.value
            waiting += await dispatcher.handOver().map(\.waybill)
        }
        for waybill in waiting { await goOn(with: waybill) }
    }

    /// On its way again, after whatever had taken it off.
    func goOn(with waybill: SignedWaybill) async {
        do { try await dispatcher(for: waybill.partner).enqueue(waybill, mayBeThere: true) } catch {
            parked.withLock { $0[waybill.partner, default: []].append(waybill) }
        }
    }

    /// What is on its way now, by partner.
    package var underway: [(partner: AgencyID, isAway: Bool, items: [Dispatcher.Underway])] {
        get async {
            var all: [(AgencyID, Bool, [Dispatcher.Underway])] = []
            for (id, (dispatcher, _)) in dispatchers.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
                all.append((id, await dispatcher.gate.isAway, await dispatcher.waiting))
            }
            return all
        }
    }
}

/// Told once, read often: breaks the circle between the tray and the outbox.
private final class OutboxBox: Sendable {
    private let box = Mutex<Outbox?>(nil)
    var outbox: Outbox? { box.withLock { $0 } }
    func set(_ outbox: Outbox) { box.withLock { $0 = outbox } }
}

package struct UnknownPartner: Error, CustomStringConvertible {
    package let id: AgencyID

    package init(id: AgencyID) { self.id = id }

    package var description: String {
        "\(id) is not a partner. Add their card: waybill partner add CARD --fingerprint SHA256"
    }
}
