internal import Envelope
internal import Folders
package import Ledger
internal import Policy
package import Vocabulary

/// How a consignment of ours has ended: what is committed, whom to tell, what lies beside its file and where that goes.
///
///     the line, a restart, a stick, recovery, a person ─► Outcomes ─► Ending ─► commit ─► signals ─► the file
package struct Ending: Sendable {
    let record: ConsignmentRecord
    /// For one commit; the last one about the consignment itself carries its row.
    package let events: [NewEvent]
    /// What becomes of its file in work/.
    let filing: Filing
    let signals: [Signal]

    init(_ record: ConsignmentRecord, _ events: [NewEvent], _ filing: Filing, signals: [Signal] = []) {
        (self.record, self.events, self.filing, self.signals) = (record, events, filing, signals)
    }

    /// With what else is committed before it.
    func after(_ first: [NewEvent]) -> Ending { Ending(record, first + events, filing, signals: signals) }
}

/// Where a file goes that has ended, and the notes that a person reads beside it.
package struct Filing: Sendable {
    enum Destination: String, Sendable { case sent, held }

    let destination: Destination
    /// Suffix and text of each.
    let notes: [(suffix: String, bytes: [UInt8])]

    init(_ destination: Destination, _ notes: [(suffix: String, bytes: [UInt8])]) {
        (self.destination, self.notes) = (destination, notes)
    }

    init(_ destination: Destination, _ suffix: String, _ note: String) {
        self.init(destination, [(suffix, Array(note.utf8))])
    }
}

/// Makes every ending of what we send, whoever learnt of it: nowhere else is it written what an ending means.
package struct Outcomes: Sendable {
    let agency: Agency

    package init(_ agency: Agency) { self.agency = agency }

    // MARK: - What the partner signed

    /// - Parameters:
    ///   - row: as the ledger has it, or is to have it.
    ///   - receipt: verified, and about this waybill.
    ///   - owed: what its arrival settles.
    ///   - more: further members of the event.
    package func delivered(
        _ row: ConsignmentRecord, _ receipt: Receipt, signed: [UInt8], owed: OpenDuties, more: [String: JSON] = [:]
    ) -> Ending {
        let now = agency.clock.now()
        var record = row
        // What was recalled stays recalled, whenever its receipt comes.
        if record.state != .recalled { record.state = .delivered }
        record.deliveredAt = receipt.receivedAt
        record.receiptSHA256 = SHA256.digest(signed)
        let facts = more.merging(["receipt": .string(SHA256.digest(signed).hex)]) { $1 }
        let settled = owed.settled(by: row.key.partner, at: now)
        let detail = EventDetail(facts, duties: settled, statement: signed)
        let moved = owed.noticesMoved(disclosed: disclosed(row, receipt, now), at: now)
        return Ending(
            record, [Records.event(.delivered, record, detail, at: now, carriesRecord: true)] + moved,
            filing(ofDelivered: row, receipt, signed), signals: [.exchanged(row.key.partner)])
    }

    /// We may hear of it long after; and their clock may be wrong, so it was not before we sent it.
    private func disclosed(_ row: ConsignmentRecord, _ receipt: Receipt, _ now: Instant) -> Instant {
        min(now, max(row.sentAt ?? now, receipt.receivedAt))
    }

    /// The recipient still has what a new version was to replace, so nothing owed is settled.
    package func refused(
        _ row: ConsignmentRecord, _ refusal: Refusal, signed: [UInt8], more: [String: JSON] = [:]
    ) -> Ending {
        var record = row
        if record.state != .recalled { record.state = .refused }
        record.why = refusal.explanation
        let facts = more.merging(["reason": .string(refusal.reason.rawValue)]) { $1 }
        return Ending(
            record,
            [
                Records.event(
                    .refused, record, EventDetail(facts, statement: signed), at: agency.clock.now(), carriesRecord: true
                )
            ], filing(ofRefused: row, refusal, signed), signals: [.exchanged(row.key.partner)])
    }

    // MARK: - What we found

    /// The file is not what was signed, or bears a date that has not come: the partner is told that the rest will never
    /// come.
    func withdrawn(
        _ row: ConsignmentRecord, _ waybill: Digest, _ parties: Parties, _ cause: Withdrawing
    ) throws -> Ending {
        let (now, because) = (agency.clock.now(), cause.because)
        let withdrawal = Withdrawal(
            consignment: row.key.id, waybill: waybill, parties: parties, because: because, signedAt: now)
        let signed = try agency.us.signer.sign(withdrawal.encoded, at: now)
        let detail = EventDetail(
            [Withdrawing.member: .string(cause.rawValue), "because": .string(because)],
            duties: [SaidStatement.post(signed, Withdrawal.statement, about: row.key, at: now)], statement: signed)
        let record = row.ended(.withdrawn, because)
        let event = Records.event(.withdrawn, record, detail, at: now, carriesRecord: true)
        return Ending(record, [event], filingOfChanged(row), signals: [.post])
    }

    func lost(_ row: ConsignmentRecord) -> Ending {
        let why = "The file vanished from work/ before the partner signed for it."
        let record = row.ended(.lost, why)
        let detail = EventDetail(["why": .string(why)])
        let event = Records.event(.lost, record, detail, at: agency.clock.now(), carriesRecord: true)
        return Ending(record, [event], filing(ofHeld: row))
    }

    // MARK: - What policy or a person decided

    /// - Parameter facts: what else the event says of the decision.
    func held(_ row: ConsignmentRecord, _ findings: [Finding], isBlocked: Bool = false, _ facts: [String: JSON] = [:])
        -> Ending
    {
        let told = JSON.array(findings.map(\.json))
        let held = row.ended(isBlocked ? .blocked : .held, told.text)
        let detail = EventDetail(facts.merging(["findings": told]) { $1 })
        let event = Records.event(
            isBlocked ? .blocked : .held, held, detail, at: agency.clock.now(), carriesRecord: true)
        return Ending(held, [event], filing(ofHeld: held))
    }

    func rejected(_ row: ConsignmentRecord, because: String, test: NotSharing?, by account: String) -> Ending {
        let now = agency.clock.now()
        let detail = EventDetail([
            "because": .string(because), "by": .string(Person.named(account)),
            "citation": .string(NotSharing.citation), "test": .string(test?.rawValue ?? NotSharing.notRecorded),
        ])
        let note = Notes.rejected(because: because, test: test, by: account, id: row.key.id, at: now)
        let record = row.ended(.rejected, because)
        let event = Records.event(.rejected, record, detail, at: now, carriesRecord: true)
        return Ending(record, [event], Filing(.held, ".rejected.txt", note))
    }

    /// Taken back by a person.
    /// - Parameter asked: the signed request to the partner with the duties that it opens; nil if nothing had left.
    func recalled(
        _ row: ConsignmentRecord, because: String, by account: String, owed: OpenDuties,
        _ asked: (said: SaidStatement, duties: [Duty])?
    ) -> Ending {
        let now = agency.clock.now()
        let record = row.ended(.recalled, because)
        // A new version that is taken back replaces nothing any more.
        let replaced = owed.closed("recalled", by: "daemon", at: now)
        let event =
            if let asked {
                asked.said.event(.recalled, by: Person.named(account), duties: asked.duties + replaced, record: record)
            } else {
                Records.event(
                    .recalled, record,
                    EventDetail(
                        ["because": .string(because), "by": .string(Person.named(account))], duties: replaced),
                    at: now, carriesRecord: true)
            }
        return Ending(
            record, [event], filing(ofRecalled: record, left: asked != nil), signals: asked == nil ? [] : [.post])
    }
}

extension ConsignmentRecord {
    fileprivate func ended(_ state: ConsignmentState, _ why: String) -> ConsignmentRecord {
        var record = self
        (record.state, record.why) = (state, why)
        return record
    }
}

extension Agency {
    /// One commit; whoever carries out the ending moves the file afterwards.
    func commit(_ ending: Ending) async throws {
        try await ledger.append(ending.events)
        for signal in ending.signals { signals.send(signal) }
    }

    /// One commit for all, each whole or not at all; those that could not be made are not in it.
    func commit(each endings: [Result<Ending, any Error>]) async -> [Result<Void, any Error>] {
        let answers = await append(each: endings.map { $0.map(\.events) })
        for case (.success(let ending), .success) in zip(endings, answers) {
            for signal in ending.signals { signals.send(signal) }
        }
        return answers
    }
}
