internal import Inspection
internal import Logging
internal import Synchronization
internal import Vocabulary

// What policy would hold by the day that our clock says, while that day is in doubt: held, it would stay so for ever.

extension Sending {
    /// An emergency waits for nothing: where the clock is known to be wrong it goes by the day that is believed, if it may go by
    /// that. Any other file waits for the clock and is judged anew then; one that a clock which may be right holds by either
    /// day is held, with the clock named first.
    ///
    /// - Returns: nil if it waits.
    func minding(
        _ outcome: Labeller.Outcome, of weighed: WeighedFile, _ inspection: Inspection?
    ) async -> Labeller.Outcome? {
        guard case .held(let held) = outcome else { return outcome }
        let verdict = agency.clock.ours.verdict
        guard let mark = verdict.against, let first = agency.clock.ours.first else { return outcome }
        let believed = Labeller(agency).label(weighed, inspection, at: mark.at)
        switch believed {
        case .labelled where weighed.claimed.isUrgent && verdict.isWrong:
            agency.log.warning(
                "an emergency is judged by the day that is believed, not by our clock",
                metadata: ["consignment": "\(weighed.claimed.id)", "day": "\(mark.at.date)"])
            return believed
        case _ where weighed.claimed.isUrgent, .held where !verdict.isWrong:
            return .held(held.saying(HoldReasons.clock(first)))
        case .labelled, .held:
            await waitForClock(held, verdict, first)
            return nil
        }
    }

    /// Nothing of it is in the ledger yet: after a restart it is found in work/ and comes here again.
    private func waitForClock(_ held: HeldFile, _ verdict: ClockJudge.Verdict, _ first: String) async {
        let (claimed, clock) = (held.weighed.claimed, agency.clock.ours)
        let why = HoldReasons.byThatDay(first, held.findings)
        agency.log.notice("waits for our clock", metadata: ["consignment": "\(claimed.id)"])
        let isNotedFirst = await noteClock(claimed, why)
        Task { [weak self] in
            var isNoted = isNotedFirst
            repeat {
                try? await Task.sleep(for: .seconds(2))
                if !isNoted { isNoted = await self?.noteClock(claimed, why) ?? true }
            } while clock.verdict.isAsDoubtful(as: verdict)
            self?.put(Prepared(claimed: claimed, record: nil))
        }
    }

    /// - Returns: whether the note is there to stay: until the last life's are gone, it may go with them.
    private func noteClock(_ claimed: ClaimedFile, _ why: String) async -> Bool {
        let isTidied = isTidied.withLock { $0 }
        return await WaitingNotes.write(
            claimed, why: why, nextTry: nil, orElse: "as soon as this machine's clock is right", agency) && isTidied
    }
}

extension ClockJudge.Verdict {
    /// What speaks against our clock; nil: nothing.
    var against: ClockJudge.Mark? {
        switch self {
        case .sound: nil
        case .ahead(_, let mark), .behind(_, let mark), .unknown(_, let mark): mark
        }
    }

    /// Or else somebody else's was, when they wrote down what speaks against it; a long pause of the machine cannot be it.
    var isWrong: Bool {
        switch self {
        case .sound, .unknown: false
        case .ahead, .behind: true
        }
    }

    fileprivate func isAsDoubtful(as other: Self) -> Bool { against != nil && isWrong == other.isWrong }
}

extension HoldReasons {
    fileprivate static func clock(_ first: String) -> Finding {
        Finding(
            rule: "clock", citation: citation, found: first,
            fix: "Have it set if it is wrong, then release this file or drop it again.")
    }

    fileprivate static func byThatDay(_ first: String, _ findings: [Finding]) -> String {
        "\(first) Tell whoever runs this machine. By that day it may not go: \(findings.first?.found ?? "")"
    }
}
