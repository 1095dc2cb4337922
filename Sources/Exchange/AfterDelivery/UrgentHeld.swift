internal import Ledger
internal import Vocabulary

/// Urgent files that a person has to decide about: whoever dropped them believes that they are on their way.
package struct UrgentHeld: Sendable {
    private let agency: Agency

    package init(_ agency: Agency) { self.agency = agency }

    /// An alarm for each partner, as for what is not delivered.
    package func alarms() async -> [String: String] {
        var filter = LedgerFilter()
        filter.direction = .sent
        filter.states = [.held, .blocked]
        let held = (try? await agency.ledger.list(filter, after: nil, limit: 10_000)) ?? []
        let urgent = Dictionary(grouping: held.filter(\.isEmergency), by: \.key.partner)
        return Dictionary(uniqueKeysWithValues: urgent.map { ("urgent/\($0)", words($0, $1.count)) })
    }

    private func words(_ partner: AgencyID, _ count: Int) -> String {
        let files = count == 1 ? "An urgent file" : "\(count) urgent files"
        return
            "\(files) for \(partner) did not go and needs a person: waybill held list. If a child is in danger now: 999. "
            + "Then telephone \(agency.rules.contacts.whomToRing(partner))"
    }
}
