internal import Exchange
internal import Logging
internal import Premises
internal import Settings
internal import Vocabulary

/// What retention asks for once an hour: what an erasure left undone, held/, and once a day the ledger's details.
struct RetentionRound {
    private let wiring: Wiring
    /// The last day on which details were looked at.
    private var done: CalendarDate?

    init(_ wiring: Wiring) { self.wiring = wiring }

    mutating func keep() async {
        let (now, retention) = (wiring.agency.clock.now(), wiring.premises.settings.retention)
        do {
            // What an erasure left undone is finished all the same: a person, or a sound clock, decided that.
            guard wiring.agency.clock.ours.mayForget else { return await finish() }
            if let held = retention.held {
                let oldest = now.adding(seconds: -Int64(held.inSeconds))
                let gone = try await HeldRetention(
                    wiring.agency.ledger, wiring.premises.folders, wiring.agency.layout.places
                ).keep(since: oldest)
                if gone > 0 { wiring.log.notice("held/ emptied", metadata: ["files": "\(gone)"]) }
            }
            if let period = retention.details, done != now.date {
                let schedule = DetailRetention(
                    sqlite: wiring.opened.sqlite, eraser: wiring.opened.eraser, period: period)
                let (erased, left) = try await schedule.keep(at: now)
                done = now.date
                if left > 0 {
                    wiring.log.notice(
                        "details are past their time and need a person: others are named in them, or nobody is",
                        metadata: ["consignments": "\(left)", "see": "waybill erase --before DATE --because TEXT"])
                }
                if erased > 0 { wiring.log.notice("details erased", metadata: ["consignments": "\(erased)"]) }
            }
        } catch {
            wiring.log.error("retention not kept", metadata: ["why": "\(error)"])
        }
        await finish()
    }

    private func finish() async {
        if case .failed(let why) = await wiring.opened.eraser.finish() {
            wiring.log.error("erasure not finished", metadata: ["why": "\(why)"])
        }
    }
}
