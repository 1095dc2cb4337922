internal import Folders
internal import Inspection
internal import Ledger
internal import Logging
internal import Policy
internal import Statements
internal import Synchronization
internal import Vocabulary

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
        let claimed = item.claimed
        guard agency.rollback.mayClaim(for: claimed.partner) else { return later(item) }
        guard !mustWait(item) else { return }
        do {
            if let record = item.record { try await resume(claimed, record) } else { try await begin(claimed) }
            prepared(claimed.id, nil)
            if claimed.isUrgent { alarm(claimed, nil) }
        } catch is CancellationError {
            // Stopping: the next life finds it in work/.
        } catch let trouble as FileTrouble where trouble.reason == .missing && item.record == nil {
            agency.log.error("a claimed file is gone", metadata: ["consignment": "\(claimed.id)"])
            prepared(claimed.id, nil)
            if claimed.isUrgent { alarm(claimed, nil) }
        } catch {
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

    /// An emergency is decided and sent before anybody looks into it.
    private func begin(_ claimed: ClaimedFile) async throws {
        if claimed.isUrgent { return try await beginUrgent(claimed) }
        let looking = Looking(looker, claimed)
        defer { looking.stop() }
        guard let weighed = try await weigh(claimed) else { return }
        try await decide(weighed, looking.result())
    }

    private func beginUrgent(_ claimed: ClaimedFile) async throws {
        let opened = await looker.open(claimed)
        guard let weighed = try await weigh(claimed) else { return }
        try await decide(weighed, opened.map { _ in Inspection(.notChecked("emergency")) })
        if let opened { looker.lookAfterwards(opened, claimed) }
    }

    /// Nil if the disk could not keep it: then it is held.
    private func weigh(_ claimed: ClaimedFile) async throws -> WeighedFile? {
        do { return try await Weigher.weigh(claimed, weighings) } catch is UnkeptFile {
            let ending = try await Hold(agency: agency).hold(claimed, HoldReasons.ourDisk)
            tray.soon(claimed, ending.filing)
            return nil
        }
    }

    private func decide(_ weighed: WeighedFile, _ inspection: Inspection?) async throws {
        let now = agency.clock.now()
        let outcome = Labeller(agency).label(weighed, inspection, at: now)
        guard let outcome = await minding(outcome, of: weighed, inspection) else { return }
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
            try await send(labelled, after: Records.beginning(weighed, at: now))
        case .held(let held):
            try await hold(HoldReasons.strangersLabel(weighed.claimed).map(held.saying) ?? held)
        }
    }

    /// Why what policy lets go waits for a person all the same.
    private func obstacle(to weighed: WeighedFile) -> Finding? {
        if let revocation = agency.partners.revocation(of: weighed.claimed.partner) { return revocation.finding }
        if let doubt = weighed.claimed.doubt { return HoldReasons.powerCut(doubt) }
        return weighed.size == 0 && !weighed.claimed.isUrgent ? HoldReasons.empty : nil
    }

    private func hold(_ held: HeldFile) async throws {
        let ending = try await Hold(agency: agency).hold(held)
        tray.soon(held.weighed.claimed, ending.filing)
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

    private func send(_ labelled: LabelledFile, after events: [NewEvent]) async throws {
        guard let partner = agency.partners[labelled.weighed.claimed.partner] else {
            throw UnknownPartner(id: labelled.weighed.claimed.partner)
        }
        // Before it is signed: once it is, nothing may keep it from having a place to wait.
        _ = try dispatcher(for: partner.id)
        let signed = try await Signer(agency: agency).sign(Unsigned(labelled, to: partner, after: events))
        do { try enqueue(signed, mayBeThere: false) } catch {
            // Gone while it was being signed.
            guard let revocation = agency.partners.revocation(of: partner.id) else { return park(signed) }
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

/// Why a file waits for a person though policy has nothing against it.
enum HoldReasons {
    static let citation = "UK GDPR Art 5(1)(d), (f)"

    static let ourDisk = Finding(
        rule: "our-disk", citation: citation,
        found: "Our disk could not keep this file, so what lies here may be damaged. It was not sent.",
        fix: "Drop the file again from where you have it; do not use this copy. Tell whoever runs this machine (dmesg)."
    )

    static let empty = Finding(
        rule: "empty", citation: citation, found: "The file is empty: 0 bytes.",
        fix: "If it should hold something, save it again and drop that. If it is meant to be empty, release it.")

    /// Nil unless the label beside it is of somebody else.
    static func strangersLabel(_ claimed: ClaimedFile) -> Finding? {
        guard claimed.isLabelStrange, let author = claimed.labelledBy else { return nil }
        return Finding(
            rule: "label-author", citation: citation,
            found: "The label beside this file was laid there by \(author), and the file belongs to "
                + "\(claimed.account). It does not count.",
            fix: "Whoever owns the file, or an officer, lays the label that is meant; or an officer releases the file "
                + "under the label of its folder.")
    }

    static func powerCut(_ cut: PowerCut) -> Finding {
        Finding(
            rule: "power-cut", citation: citation,
            found: "The power failed, or a disk was taken away, just after this file was dropped "
                + "(\(Notes.moment(cut.lastSeen))), so it may be cut short. It was not sent.",
            fix: "Open it. If it is whole, release it; if not, drop it again from where you have it.")
    }

    static let changed = Finding(
        rule: "changed", citation: citation,
        found: "What lies here is no longer what was signed: it was changed or damaged after that.",
        fix: "Drop the file again from where you have it.")
}
