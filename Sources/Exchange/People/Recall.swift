internal import Folders
internal import Ledger
internal import Logging
internal import Policy
internal import Statements
internal import Transport
package import Vocabulary

// A person takes a consignment back.
//
//     nothing left    ─► recalled: the file lies in held/, the partner never hears of it
//     on its way      ─► recalled, the partner is asked to destroy what it staged
//     delivered       ─► recalled, the partner's person is asked; an incident is open until somebody has judged it

extension Sending {
    /// What a recall came to, for whoever asked.
    package enum Recalled: Sendable {
        case neverLeft, asked
    }

    package func recall(
        _ id: ConsignmentID, because: String, by account: String
    ) async throws(OfficerProblem) -> Recalled {
        do {
            try await untilRecovered()
            guard let record = try await agency.ledger.first(id, .sent) else { throw OfficerProblem.unknown(id) }
            return try await recall(record, because, account)
        } catch let problem as OfficerProblem {
            throw problem
        } catch {
            throw .trouble("\(error)")
        }
    }

    private func recall(_ record: ConsignmentRecord, _ because: String, _ account: String) async throws -> Recalled {
        switch record.state {
        case .claimed, .signed, .dispatching:
            switch try await dispatcher(for: record.key.partner).takeBack(record.key.id) {
            case .stopped(let waybill, let left):
                do { return try await stopped(waybill, left: left, record, because, account) } catch {
                    // Nothing was recorded, so it goes on as if nobody had asked.
                    goOn(with: waybill)
                    throw error
                }
            case .ended: return try await recall(try await settled(record), because, account)
            }
        case .delivered: return try await ask(record, because, account)
        default: throw OfficerProblem.notYours(record.key.id, record.state.rawValue)
        }
    }

    /// It was delivered while we waited, or is being signed just now and will have a dispatcher in a moment.
    private func settled(_ record: ConsignmentRecord) async throws -> ConsignmentRecord {
        for _ in 0..<80 {
            try await Task.sleep(for: .milliseconds(25))
            let now = try await agency.ledger.record(record.key) ?? record
            if !ConsignmentState.open.contains(now.state) { return now }
            if try dispatcher(for: now.key.partner).underway[now.key.id] != nil { return now }
        }
        throw OfficerProblem.trouble("it is being prepared: try again in a minute")
    }

    /// Perhaps only the receipt was lost on the way: then it is a delivery that is recalled, and recorded as one.
    private func hasArrived(_ waybill: SignedWaybill) async throws -> Bool {
        guard let partner = agency.partners[waybill.partner] else { return false }
        let dispatcher = try dispatcher(for: partner.id)
        guard case .receipt(let signed) = await dispatcher.courier.enquire(waybill.id) else { return false }
        guard case .delivered(let receipt, let bytes) = AnswerReader.read(signed, for: waybill.facts, from: partner)
        else {
            return false
        }
        let job = Dispatcher.Job(waybill: waybill, mayBeThere: true)
        try await dispatcher.delivered([(job, receipt, bytes)]).first?.get()
        dispatcher.gate.succeeded()
        return true
    }

    private func stopped(
        _ waybill: SignedWaybill, left: Bool, _ record: ConsignmentRecord, _ because: String, _ account: String
    ) async throws -> Recalled {
        if left, try await hasArrived(waybill), let now = try await agency.ledger.record(record.key) {
            return try await ask(now, because, account)
        }
        let ending: Ending
        if left {
            ending = try await commit(record, because, account)
        } else {
            let owed = try await OpenDuties(of: record, nil, agency)
            ending = Outcomes(agency).recalled(record, because: because, by: account, owed: owed, nil)
            try await agency.commit(ending)
        }
        CrashPoint.afterRecalledCommit.pass()
        // What lies on a share for the partner must not be taken in any more.
        try? await dispatcher(for: record.key.partner).courier.settled(record.key.id)
        tray.soon(waybill.weighed.claimed, ending.filing)
        agency.log.notice("recalled", metadata: ["consignment": "\(record.key.id)", "left": "\(left)"])
        return left ? .asked : .neverLeft
    }

    private func ask(_ record: ConsignmentRecord, _ because: String, _ account: String) async throws -> Recalled {
        _ = try await commit(record, because, account)
        CrashPoint.afterRecalledCommit.pass()
        agency.log.notice("recalled", metadata: ["consignment": "\(record.key.id)", "left": "true"])
        return .asked
    }

    /// The signed request, the duty to hand it over, the answer that the partner owes, and the incident: one commit.
    private func commit(_ record: ConsignmentRecord, _ because: String, _ account: String) async throws -> Ending {
        guard let partner = agency.partners[record.key.partner] else {
            throw OfficerProblem.noPartner(record.key.partner)
        }
        guard let waybill = record.waybill else { throw OfficerProblem.notYours(record.key.id, "not signed") }
        let now = agency.clock.now()
        let statement = LaterStatement(
            .recall, consignment: record.key.id, waybill: waybill, parties: agency.us.parties(to: partner),
            because: because, signedAt: now)
        let said = try SaidStatement(statement, about: record.key, agency)
        var duties = [Duty(.recall, id: .make(at: now), about: record.key, openedAt: now, due: now.adding(hours: 24))]
        // The clock of the first awareness stands.
        if try await agency.ledger.owed(.incident, about: record.key).isEmpty {
            let what =
                record.receiptSHA256 == nil ? "recalled when some of it may have left" : "recalled after delivery"
            duties.append(.incident(about: record.key, what, at: now))
        }
        let owed = try await OpenDuties(of: record, nil, agency)
        let ending = Outcomes(agency)
            .recalled(record, because: because, by: account, owed: owed, (said, duties))
        try await agency.commit(ending)
        return ending
    }
}

extension Duty {
    /// 72 hours from when we were aware, to judge whether the regulator must hear of it (UK GDPR 33(1), DPA 2018
    /// s.67(1)); the facts are recorded even if not (33(5), s.67(6)).
    static func incident(about key: ConsignmentKey, _ what: String, at now: Instant) -> Duty {
        var duty = Duty(.incident, id: .make(at: now), about: key, openedAt: now, due: IncidentClock.due(aware: now))
        duty.facts = ["what": what]
        return duty
    }
}

extension Instant {
    func adding(hours: Int64) -> Instant { adding(seconds: hours * 3600) }
}
