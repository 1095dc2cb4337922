internal import Folders
internal import Inspection
internal import Ledger
internal import Logging
internal import Policy
internal import Statements
internal import Synchronization
internal import Vocabulary

/// A file that is weighed, and a look into it that may go on.
struct Looked: Sendable {
    let item: Prepared
    let weighed: Result<WeighedFile, any Error>
    let look: Looking
}

extension WeighedFile {
    fileprivate var twin: FileTwin {
        FileTwin(
            partner: claimed.partner, route: claimed.route, sha256: sha256, modified: facts.stamp.modified)
    }
}

// From work/ to a signed waybill on its way, or to held/ with a reason.

extension Sending {
    /// Trouble of our own (disk, ledger) is tried again for ever, and said.
    func prepare(_ item: Prepared) async {
        guard mayBegin(item) else { return }
        do {
            if let record = item.record {
                try await resume(item.claimed, record)
            } else if item.claimed.isUrgent {
                try await beginUrgent(item.claimed)
            } else {
                return await begin([item])
            }
            isPrepared(item)
        } catch {
            failed(item, error)
        }
    }

    /// Small files that were waiting together: one job weighs them, one commit holds what is signed. Each ends for itself.
    func prepare(together items: [Prepared]) async {
        let going = items.filter(mayBegin)
        if !going.isEmpty { await begin(going, together: true) }
    }

    private func mayBegin(_ item: Prepared) -> Bool {
        guard agency.rollback.mayClaim(for: item.claimed.partner) else {
            later(item)
            return false
        }
        return !mustWait(item)
    }

    private func isPrepared(_ item: Prepared) {
        prepared(item.claimed.id, nil)
        if item.claimed.isUrgent { alarm(item.claimed, nil) }
    }

    private func failed(_ item: Prepared, _ error: any Error) {
        let claimed = item.claimed
        switch error {
        // Stopping: the next life finds it in work/.
        case is CancellationError: return
        case let trouble as FileTrouble where trouble.reason == .missing && item.record == nil:
            agency.log.error("a claimed file is gone", metadata: ["consignment": "\(claimed.id)"])
            isPrepared(item)
        default:
            prepared(claimed.id, "\(error)")
            if claimed.isUrgent { alarm(claimed, "\(error)") }
            agency.log.error(
                "not prepared, tried again", metadata: ["consignment": "\(claimed.id)", "why": "\(error)"])
            later(item, after: 5)
        }
    }

    /// Order is promised for one route and name: a file waits until the one before it has left. An emergency does not.
    private func mustWait(_ item: Prepared) -> Bool {
        let (claimed, name) = (item.claimed, item.claimed.place.named)
        guard item.record == nil, !claimed.isUrgent, register.isBehind(claimed.place) else { return false }
        behind.withLock { behind in
            behind[name, default: []].append(item)
            behind[name]?.sort { $0.claimed.claim.turn < $1.claimed.claim.turn }
        }
        if register.isBehind(claimed.place) { return true }
        // The one before it left just now, and nobody will be told again.
        return behind.withLock { behind in
            guard let mine = behind[name]?.firstIndex(where: { $0.claimed.id == claimed.id }) else { return true }
            behind[name]?.remove(at: mine)
            return false
        }
    }

    /// Prepared again after a while.
    func later(_ item: Prepared, after seconds: Double = 0.5) {
        Task { [weak self] in
            try? await Task.sleep(for: .seconds(seconds))
            self?.put(item)
        }
    }

    /// Whoever dropped it believes that it is on its way.
    private func alarm(_ claimed: ClaimedFile, _ why: String?) {
        let ring = agency.rules.contacts.whomToRing(claimed.partner)
        agency.alarms.alarm(
            "urgent/\(claimed.partner)/\(claimed.id)",
            why.map { "URGENT, NOT SENT to \(claimed.partner) yet: \($0) Telephone them now: \(ring)" })
    }

    private func prepared(_ id: ConsignmentID, _ trouble: String?) {
        let why = unprepared.withLock { unprepared in
            unprepared[id] = trouble
            return unprepared.min { $0.key < $1.key }?.value
        }
        agency.alarms.alarm(
            "prepare", why.map { "Claimed files cannot be prepared: \($0). They are tried again by themselves." })
    }

    /// Weighed and looked into. Of those together whoever is looked into for long goes on by itself, unless too many do.
    private func begin(_ items: [Prepared], together: Bool = false) async {
        let (ends, tell) = AsyncStream<Int?>.makeStream()
        let looks = items.enumerated().map { at, item in Looking(looker, item.claimed) { tell.yield(at) } }
        let weighed = await Weigher.weigh(items.map(\.claimed), weighings)
        let all = items.indices.map { Looked(item: items[$0], weighed: weighed[$0], look: looks[$0]) }
        guard together, slow.count < Self.mostSlow else { return await decide(all) }
        let timer = Task {
            try? await Task.sleep(for: Self.patience)
            tell.yield(nil)
        }
        var slow = Set(items.indices)
        for await at in ends {
            guard let at else { break }
            slow.remove(at)
            if slow.isEmpty { break }
        }
        timer.cancel()
        for at in slow { self.slow.put(all[at]) }
        await decide(all.indices.filter { !slow.contains($0) }.map { all[$0] })
    }

    func decideSlow() async {
        while !Task.isCancelled, let one = await slow.take().first { await decide([one]) }
    }

    /// For so long small files wait for what is found in one another.
    private static let patience = Duration.milliseconds(250)
    /// Beyond it nothing new is begun: each that is looked into has its file open.
    private static let mostSlow = 64

    /// Judged, and one commit of what is signed; those that are held have left on the way.
    private func decide(_ all: [Looked]) async {
        var going: [(item: Prepared, unsigned: Unsigned)] = []
        for one in all {
            do {
                try Task.checkCancellation()
                let weighed = try await kept(one.weighed, one.item.claimed)
                let unsigned = if let weighed { try await decide(weighed, one.look.result()) } else { nil as Unsigned? }
                if let unsigned { going.append((one.item, unsigned)) } else { isPrepared(one.item) }
            } catch {
                failed(one.item, error)
            }
            one.look.stop()
        }
        for (one, signed) in zip(going, await Signer(agency: agency).sign(going.map(\.unsigned))) {
            do {
                await send(try signed.get())
                isPrepared(one.item)
            } catch {
                failed(one.item, error)
            }
        }
    }

    /// An emergency is decided and sent before anybody looks into it.
    private func beginUrgent(_ claimed: ClaimedFile) async throws {
        let opened = await looker.open(claimed)
        guard let weighed = try await kept(Weigher.weigh([claimed], weighings)[0], claimed) else { return }
        if let unsigned = try await decide(weighed, opened.map { _ in Inspection(.notChecked("emergency")) }) {
            await send(try await Signer(agency: agency).sign(unsigned))
        }
        if let opened { looker.lookAfterwards(opened, claimed) }
    }

    /// Nil if the disk could not keep it: then it is held.
    private func kept(_ weighed: Result<WeighedFile, any Error>, _ claimed: ClaimedFile) async throws -> WeighedFile? {
        do { return try weighed.get() } catch is UnkeptFile {
            let ending = try await Hold(agency: agency).hold(claimed, HoldReasons.ourDisk)
            tray.soon(claimed, ending.filing)
            return nil
        }
    }

    /// What may be signed; nil if it waits for a person or for our clock.
    private func decide(_ weighed: WeighedFile, _ inspection: Inspection?) async throws -> Unsigned? {
        let now = agency.clock.now()
        let outcome = Labeller(agency).label(weighed, inspection, at: now)
        guard let outcome = await minding(outcome, of: weighed, inspection) else { return nil }
        switch outcome {
        case .labelled(var labelled):
            if let finding = obstacle(to: weighed) { return try await hold(labelled.held(finding)) }
            let doubts = [
                HoldReasons.strangersLabel(weighed.claimed), try await agency.rollback.sentBefore(weighed.twin),
                try await replacementTrouble(labelled),
            ]
            for finding in doubts.compactMap(\.self) {
                guard let urgent = labelled.goingOn(despite: finding) else {
                    return try await hold(labelled.held(finding))
                }
                labelled = urgent
            }
            return try unsigned(labelled, after: Records.beginning(weighed, at: now))
        case .held(let held):
            return try await hold(HoldReasons.strangersLabel(weighed.claimed).map(held.saying) ?? held)
        }
    }

    /// Why what policy lets go waits for a person all the same.
    private func obstacle(to weighed: WeighedFile) -> Finding? {
        if let revocation = agency.partners.revocation(of: weighed.claimed.partner) { return revocation.finding }
        if let doubt = weighed.claimed.doubt { return HoldReasons.powerCut(doubt) }
        return weighed.size == 0 && !weighed.claimed.isUrgent ? HoldReasons.empty : nil
    }

    /// - Returns: nil, since nothing of it is signed.
    private func hold(_ held: HeldFile) async throws -> Unsigned? {
        let ending = try await Hold(agency: agency).hold(held)
        tray.soon(held.weighed.claimed, ending.filing)
        return nil
    }

    /// A correction names a consignment that this partner has, or may have, from us.
    func replacementTrouble(_ labelled: LabelledFile) async throws -> Finding? {
        guard let old = labelled.grounds.replaces?.consignment else { return nil }
        let partner = labelled.weighed.claimed.partner
        let record = try await agency.ledger.record(ConsignmentKey(.sent, partner, old))
        let mayHaveIt: Set<ConsignmentState> = [.signed, .dispatching, .delivered]
        if let record, mayHaveIt.contains(record.state) || record.receiptSHA256 != nil { return nil }
        return Finding(
            rule: "R-065", citation: "UK GDPR Art 19; DPA 2018 s.38(5)(c)",
            found: "The label says that this file takes the place of \(old), which was never sent to \(partner).",
            fix: "Write the id of what was sent to them under supersedes, or leave supersedes out.")
    }

    private func unsigned(_ labelled: LabelledFile, after events: [NewEvent]) throws -> Unsigned {
        guard let partner = agency.partners[labelled.weighed.claimed.partner] else {
            throw UnknownPartner(id: labelled.weighed.claimed.partner)
        }
        // Before it is signed: once it is, nothing may keep it from having a place to wait.
        _ = try dispatcher(for: partner.id)
        return Unsigned(labelled, to: partner, after: events)
    }

    private func send(_ signed: SignedWaybill) async {
        do { try enqueue(signed, mayBeThere: false) } catch {
            // Gone while it was being signed.
            guard let revocation = agency.partners.revocation(of: signed.partner) else { return park(signed) }
            await halt(signed, revocation.finding)
        }
    }

    /// Signed while our clock was ahead of the time: the old id is given up, and the file goes under a new one.
    func again(_ claimed: ClaimedFile) async {
        // It lies under the day of the old id.
        _ = try? await Blocking.run { [agency] in WaitingNotes.remove(claimed, agency) }
        put(
            Prepared(claimed: claimed.renamed(.make(at: agency.clock.now()), at: agency.clock.now()), record: nil))
    }
}
