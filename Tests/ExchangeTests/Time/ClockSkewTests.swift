import Envelope
import Exchange
import Folders
import Foundation
import Ledger
import Testing
import Transport
import Vocabulary

/// What signed times tell of a partner's clock, and what they do not.
@Suite struct ClockSkewTests {
    private let now = Clock.start

    private func agency(_ root: String) throws -> Agency {
        try TestAgency("stockton", root: root).agency(knowing: [], at: Clock())
    }

    /// Seconds from `now`: what they signed, when we asked, when the answer came; and whether it is an alarm.
    @Test(
        "only what lies outside our two moments by more than two minutes is an alarm",
        arguments: [
            (0, 0, 1, false), (121, 0, 1, false), (122, 0, 1, true), (-119, 0, 1, false), (-121, 0, 1, true),
            // A long upload: anything in between is possible.
            (300, 0, 600, false), (0, 0, 86_400, false), (-121, 0, 86_400, true), (86_521, 0, 86_400, true),
            // Our own clock jumped back in between.
            (500, 100, 0, false),
        ])
    func bounds(their: Int64, sent: Int64, received: Int64, isAlarm: Bool) async throws {
        try await inTemporaryFolder { root in
            let agency = try agency(root)
            let tewv = try AgencyID("tewv")
            agency.clock.skew.note(
                partner: tewv, their: now.adding(seconds: their), sent: now.adding(seconds: sent),
                received: now.adding(seconds: received))
            #expect((agency.alarms.current["clock/tewv"] != nil) == isAlarm)
        }
    }

    @Test("a statement that may have waited tells only of clocks that are ahead")
    func lowerBound() async throws {
        try await inTemporaryFolder { root in
            let (agency, tewv) = (try agency(root), try AgencyID("tewv"))
            agency.clock.skew.note(partner: tewv, their: now.adding(seconds: -900_000), sent: nil, received: now)
            #expect(agency.alarms.current.isEmpty)
            agency.clock.skew.note(partner: tewv, their: now.adding(seconds: 7200), sent: nil, received: now)
            let alarm = try #require(agency.alarms.current["clock/tewv"])
            #expect(
                alarm.contains("2 hours or more ahead of ours") || alarm.contains("120 minutes or more ahead of ours"))
            #expect(alarm.contains(now.description) && alarm.contains(now.adding(seconds: 7200).description))
        }
    }

    @Test("an alarm stays until an exchange shows that the clocks agree")
    func cleared() async throws {
        try await inTemporaryFolder { root in
            let (agency, tewv) = (try agency(root), try AgencyID("tewv"))
            let later = now.adding(seconds: 1000)
            agency.clock.skew.note(partner: tewv, their: now.adding(seconds: 300), sent: now, received: now)
            #expect(agency.alarms.current.count == 1)
            // These could be right by chance.
            agency.clock.skew.note(partner: tewv, their: later, sent: nil, received: later)
            agency.clock.skew.note(partner: tewv, their: later, sent: now, received: later)
            #expect(agency.alarms.current.count == 1)
            agency.clock.skew.note(partner: tewv, their: later, sent: later, received: later.adding(seconds: 2))
            #expect(agency.alarms.current.isEmpty)
        }
    }

    @Test("who differs from several in one direction is told that its own clock is probably wrong")
    func ours() async throws {
        try await inTemporaryFolder { root in
            let (agency, tewv, police) = (try agency(root), try AgencyID("tewv"), try AgencyID("cleveland-police"))
            let ahead = now.adding(seconds: 600)
            let texts = { agency.alarms.current.mapValues { $0.contains("probably ours") } }
            agency.clock.skew.note(partner: tewv, their: ahead, sent: now, received: now)
            #expect(texts() == ["clock/tewv": false])
            agency.clock.skew.note(partner: police, their: now.adding(seconds: -600), sent: now, received: now)
            #expect(texts() == ["clock/tewv": false, "clock/cleveland-police": false])
            agency.clock.skew.noteAuthority(their: ahead, sent: now, received: now)
            #expect(texts() == ["clock/tewv": true, "clock/cleveland-police": false, "clock": true])
            agency.clock.skew.forget(partner: tewv)
            #expect(texts() == ["clock/cleveland-police": false, "clock": false])
        }
    }

    @Test(
        "a receipt from a clock that is ten minutes ahead is an alarm, and the delivery stands", .timeLimit(.minutes(5))
    )
    func receipt() async throws {
        try await inTemporaryFolder { root in
            let scene = try SendingTests.Scene(root)
            scene.courier.script { parcel in
                guard let mine = parcel as? Consignment else { return .receipt([]) }
                let (waybill, ahead) = (mine.waybill.waybill, WallClock.now().adding(seconds: 600))
                let receipt = Receipt(
                    consignment: waybill.id, waybill: mine.waybill.digest, parties: waybill.parties,
                    sha256: waybill.file.sha256, size: waybill.file.size, receivedAt: ahead, signedAt: ahead,
                    checkpoint: "")
                let signing = scene.police.keys.signing
                let signer = try StatementSigner(key: signing.key(), certificate: signing.certificate)
                return .receipt(try signer.sign(receipt.encoded, at: ahead))
            }
            try await scene.run(ArrivalTests.content, until: scene.state(.delivered))
            #expect(scene.agency.alarms.current.keys.contains("clock/cleveland-police"))
        }
    }
}
