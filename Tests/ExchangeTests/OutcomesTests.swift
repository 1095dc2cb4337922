import Envelope
import ExchangeTesting
import Law
import Ledger
import Policy
import Testing
import Transport
import Vocabulary

@testable import Exchange

/// What each ending means, whoever learnt of it.
@Suite("Outcomes")
struct OutcomesTests {
    private struct Scene {
        let us: TestAgency
        let them: TestAgency
        let clock = Clock()
        let agency: Agency
        let row: ConsignmentRecord
        let waybill: Waybill

        init(_ root: String, supersedes old: ConsignmentID? = nil) throws {
            us = try TestAgency("stockton", root: root)
            them = try TestAgency("cleveland-police", root: root)
            agency = try us.agency(knowing: [them.asPartner()], at: clock)
            let parties = agency.us.parties(to: try them.asPartner())
            let label = try Law.book().judge(
                .init(
                    RouteName("strategy-meeting"),
                    sideCar: Array("subjects: [{ ref: CASE-2, role: child }]\n".utf8),
                    Share.Sides(from: us.id, to: them.id), at: Clock.start)
            ).label
            waybill = Waybill(
                id: .make(at: Clock.start), parties: parties, signedAt: Clock.start, bind: try Digest(Random.bytes(32)),
                file: try FileDescription(
                    name: "plan.pdf", size: 4, sha256: SHA256.digest(Array("plan".utf8)), mediaType: "application/pdf"),
                partSize: .usual, label: try #require(label), submittedBy: "test")
            var row = ConsignmentRecord(
                key: ConsignmentKey(.sent, them.id, waybill.id), state: .dispatching, route: waybill.label.route,
                name: waybill.file.name, size: waybill.file.size, sha256: waybill.file.sha256,
                waybill: SHA256.digest(waybill.encoded), claimedAt: Clock.start, sentAt: Clock.start)
            row.supersedes = old
            self.row = row
        }

        func receipt(at: Instant) throws -> Receipt {
            Receipt(
                consignment: waybill.id, waybill: SHA256.digest(waybill.encoded), parties: waybill.parties,
                sha256: waybill.file.sha256, size: waybill.file.size, receivedAt: at, signedAt: at, checkpoint: "")
        }

        /// A notice about CASE-2 for what another agency sent us, and a correction that waits for this consignment.
        func owe(_ old: ConsignmentID) async throws {
            let received = Clock.start.adding(seconds: -86_400)
            let other = ConsignmentKey(.received, try AgencyID("hartlepool"), .make(at: received))
            let clock = NoticeClock(received: received, workingDays: agency.law.current.workingDays)
            var notice = Duty(
                .notice, id: .make(at: received), about: other, subject: "CASE-2", openedAt: received,
                due: clock.dueConservative)
            notice.facts = clock.facts
            var correction = Duty(
                .correction, id: .make(at: received), about: ConsignmentKey(.sent, them.id, old), openedAt: received,
                due: Clock.start.adding(seconds: 86_400))
            correction.facts = ["replacement": waybill.id.text]
            try await agency.ledger.append([notice.event(at: received), correction.event(at: received)])
        }
    }

    @Test(
        "a receipt says delivered, and leaves recalled what was recalled",
        arguments: [
            (ConsignmentState.dispatching, ConsignmentState.delivered), (.held, .delivered), (.lost, .delivered),
            (.withdrawn, .delivered), (.recalled, .recalled),
        ])
    func state(_ before: ConsignmentState, _ after: ConsignmentState) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            var row = scene.row
            row.state = before
            let owed = try await OpenDuties(of: row, scene.waybill, scene.agency)
            let ending = Outcomes(scene.agency)
                .delivered(row, try scene.receipt(at: Clock.start), signed: [1, 2], owed: owed)
            #expect(ending.record.state == after)
            #expect(ending.record.receiptSHA256 == SHA256.digest([1, 2]))
            #expect(ending.events.count == 1 && ending.events[0].kind == .delivered)
            #expect(ending.events[0].record == ending.record)
            #expect(ending.filing.destination == .sent)
            #expect(ending.signals == [.exchanged(scene.them.id)])
        }
    }

    @Test("a receipt closes the correction that waited for it and moves notices to when they signed for it")
    func settles() async throws {
        try await inTemporaryFolder { root in
            let old = ConsignmentID.make(at: Clock.start)
            let scene = try Scene(root, supersedes: old)
            try await scene.owe(old)
            // It comes back on a stick a week later.
            scene.clock.advance(seconds: 7 * 86_400)
            let owed = try await OpenDuties(of: scene.row, scene.waybill, scene.agency)
            let received = Clock.start.adding(seconds: 3600)
            let ending = Outcomes(scene.agency)
                .delivered(scene.row, try scene.receipt(at: received), signed: [1], owed: owed)
            let duties = try ending.events.flatMap { try $0.detail.duties }
            let correction = try #require(duties.first { $0.kind == .correction })
            #expect(correction.ground == "received" && correction.by == "partner:\(scene.them.id)")
            let notice = try #require(duties.first { $0.kind == .notice })
            #expect(notice.due == received.londonDate.endInLondon || notice.due == received)
        }
    }

    @Test("a wrong clock of theirs moves no notice to before it went, or after now")
    func theirClock() async throws {
        try await inTemporaryFolder { root in
            let old = ConsignmentID.make(at: Clock.start)
            let scene = try Scene(root, supersedes: old)
            try await scene.owe(old)
            scene.clock.advance(seconds: 3600)
            let owed = try await OpenDuties(of: scene.row, scene.waybill, scene.agency)
            var dues: [Instant] = []
            for off: Int64 in [-3 * 366 * 86_400, 3 * 366 * 86_400] {
                let receipt = try scene.receipt(at: Clock.start.adding(seconds: off))
                let ending = Outcomes(scene.agency).delivered(scene.row, receipt, signed: [1], owed: owed)
                dues += try ending.events.flatMap { try $0.detail.duties }.filter { $0.kind == .notice }.map(\.due)
            }
            #expect(dues.count == 2)
            #expect(dues.allSatisfy { $0 >= Clock.start && $0 <= scene.clock.now.londonDate.endInLondon })
        }
    }

    @Test("a refusal settles nothing, and leaves recalled what was recalled")
    func refused() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let refusal = Refusal(
                consignment: scene.waybill.id, waybill: SHA256.digest(scene.waybill.encoded),
                parties: scene.waybill.parties, reason: .policy, explanation: "Not for us.", signedAt: Clock.start)
            for (before, after) in [(ConsignmentState.dispatching, ConsignmentState.refused), (.recalled, .recalled)] {
                var row = scene.row
                row.state = before
                let ending = Outcomes(scene.agency).refused(row, refusal, signed: [1])
                #expect(ending.record.state == after && ending.record.why == "Not for us.")
                #expect(ending.events.map(\.kind) == [.refused])
                #expect(try ending.events[0].detail.duties.isEmpty)
                #expect(ending.filing.destination == .held)
            }
        }
    }

    @Test("a new version that is taken back before anything left replaces nothing any more")
    func recalled() async throws {
        try await inTemporaryFolder { root in
            let old = ConsignmentID.make(at: Clock.start)
            let scene = try Scene(root, supersedes: old)
            try await scene.owe(old)
            let owed = try await OpenDuties(of: scene.row, nil, scene.agency)
            let ending = Outcomes(scene.agency)
                .recalled(scene.row, because: "Wrong family.", by: "r.okafor", owed: owed, nil)
            #expect(ending.record.state == .recalled)
            #expect(ending.events.map(\.kind) == [.recalled] && ending.signals.isEmpty)
            #expect(try ending.events[0].detail.duties.map(\.ground) == ["recalled"])
        }
    }

    @Test("what a restart lays beside a file is what was laid there when it ended")
    func again() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let finding = Finding(rule: "R-1", citation: "Act", found: "Found.", fix: "Mend.")
            let outcomes = Outcomes(scene.agency)
            let lost = outcomes.lost(scene.row)
            #expect(lost.record.state == .lost)
            for ending in [
                outcomes.held(scene.row, [finding]), outcomes.held(scene.row, [finding], isBlocked: true),
                try outcomes.withdrawn(scene.row, SHA256.digest([]), scene.waybill.parties, .changed),
            ] {
                let again = try await outcomes.filing(again: ending.record)
                #expect(again.destination == ending.filing.destination)
                #expect(again.notes.map(\.suffix) == ending.filing.notes.map(\.suffix))
                #expect(again.notes.map(\.bytes) == ending.filing.notes.map(\.bytes))
            }
        }
    }
}
