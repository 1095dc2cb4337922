internal import Exchange
internal import Logging
internal import Premises
internal import Statements
internal import Vocabulary

extension Wiring {
    /// What ends soon, by the name of its alarm.
    var expiries: [String: String] {
        let now = agency.clock.now()
        guard let card = try? FileSystem.read(premises.cardPath),
            let ours = try? CardReader.known(card, pinned: agency.us.fingerprint)
        else { return ["expiry/card": "Our card cannot be read. Restore it: waybill check"] }
        let warnings = Expiry.warnings(Expiry.all(ours: ours, partners: agency.partners.all), at: now)
        guard let first = agency.clock.ours.first else { return warnings }
        return warnings.mapValues { "\(first) By that clock: \($0)" }
    }

    /// One line a day for each.
    func logExpiries() {
        for (name, words) in expiries.sorted(by: { $0.key < $1.key }) {
            log.warning("ends soon", metadata: ["what": "\(name)", "why": "\(words)"])
        }
    }
}
