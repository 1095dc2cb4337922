internal import Logging
internal import Transport
package import Vocabulary

/// Says who takes more than its share: an alarm that clears itself, and a line a minute for what was refused.
package struct BudgetWatch: Sendable {
    private let agency: Agency

    package init(agency: Agency) { self.agency = agency }

    package func run() async {
        var named: Set<String> = []
        while !Task.isCancelled {
            named = look(besides: named)
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Raises alarms and clears those of before; the names of what stands.
    @discardableResult
    package func look(besides before: Set<String> = [], at now: ContinuousClock.Instant = .now) -> Set<String> {
        var alarms: [String: String] = [:]
        var addresses: [String] = []
        for (holder, reasons) in agency.budget.over(at: now) {
            switch holder {
            case .partner(let partner): alarms["budget/\(partner)"] = words(partner, reasons)
            case .address(let address): addresses.append(address)
            }
        }
        if !addresses.isEmpty { alarms["budget/connections"] = words(addresses) }
        for name in before.union(alarms.keys) { agency.alarms.alarm(name, alarms[name]) }
        for (what, holder, count) in agency.budget.unsaid(at: now) {
            agency.log.notice("\(what)", metadata: ["partner": "\(holder)", "more": "\(count)"])
        }
        return Set(alarms.keys)
    }

    private func words(_ partner: AgencyID, _ reasons: Set<Budget.Reason>) -> String {
        let what = Set(reasons.map(\.words)).sorted().joined(separator: ", ")
        return
            "\(partner) takes more than its share: \(what). What is too much is put off; all others are served. Its software is "
            + "faulty, or somebody has its keys. Ring them: \(agency.rules.contacts.whomToRing(partner)). To end it: "
            + "waybill partner revoke \(partner) --because TEXT"
    }

    private func words(_ addresses: [String]) -> String {
        let some = addresses.sorted().prefix(5).joined(separator: " ")
        return "Connections that do not prove who they are were ended to make room, from \(some). "
            + "Partners are served. If it lasts, have whoever runs the firewall keep these addresses out."
    }
}

extension Agency {
    /// Whether a partner may add so much to our ledger now. Emergencies have a quarter more.
    package func admitsEntry(_ bytes: Int, from partner: AgencyID, at now: Instant, isUrgent: Bool = Urgency.isUrgent)
        -> Bool
    {
        budget.spend(
            Int64(bytes) + Self.entry, of: .ledgerBytes, by: partner, at: now, quarters: isUrgent ? 5 : 4)
    }

    /// Bytes. What an entry takes besides the statement that it holds: row, leaf, indices, our answer.
    private static let entry: Int64 = 6000

    /// A line about something that a partner brought and we did not take: one a minute of each kind, with how many others.
    func logRefused(
        _ what: String, _ partner: AgencyID, _ level: Logger.Level = .warning, _ more: Logger.Metadata = [:]
    ) {
        guard let unsaid = budget.line(what, of: partner) else { return }
        var metadata = more
        metadata["partner"] = "\(partner)"
        if unsaid > 0 { metadata["more"] = "\(unsaid)" }
        log.log(level: level, "\(what)", metadata: metadata)
    }
}
