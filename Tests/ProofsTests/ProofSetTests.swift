import Envelope
import ExchangeTesting
import Ledger
import Proofs
import Testing
import Vocabulary

@Suite("A set of proofs") struct ProofSetTests {
    private func maker(_ fixture: ProofFixture, _ ledger: InMemoryLedger) throws -> ProofMaker {
        let home = ProofHome(card: try fixture.card(fixture.prover, fixture.proverName))
        let theirs = try fixture.card(fixture.other, fixture.otherName)
        let us = try Card(kept: StatementVerifier.uncheckedContent(of: home.card))
        let writer = ProofWriter(signer: try fixture.signer(fixture.prover))
        return ProofMaker(us, ledger: ledger, writer: writer, home: home) { _ in theirs }
    }

    @Test("holds what is proved, names the rest with the reason, and verifies as one")
    func set() async throws {
        let fixture = try ProofFixture()
        let (ledger, _) = try await fixture.story()
        let folder = try ProofFolder()
        let key = try fixture.key()
        var record = ConsignmentRecord(
            key: key, state: .delivered, route: try RouteName("strategy-meeting"), name: "minutes, \"x\".pdf")
        record.receiptSHA256 = SHA256.digest(Array("the receipt".utf8))
        var waiting = record
        (waiting.state, waiting.receiptSHA256) = (.dispatching, nil)

        let set = try ProofSetMaker(
            maker(fixture, ledger), folder: folder.path + "/set", title: "case 7", at: ProofFixture.provedAt)
        try await set.add(record)
        try await set.add(waiting)
        try set.finish()

        #expect(set.proved == 1 && set.unproved == 1)
        let table = String(decoding: try folder.read("set/index.csv"), as: UTF8.self).split(separator: "\n")
        let (id, name) = (key.id.text, "\"minutes, \"\"x\"\".pdf\"")
        let delivered = "deliveries/0001-\(id),\(id),sent,hartlepool-council,\(name),0,,"
        #expect(table.count == 3)
        #expect(table[1] == delivered + "2026-05-03T08:30:00.123Z,2026-05-03T08:30:02.123Z,receipt,,,claimed,")
        let why = "There is nothing to prove yet. \(id) is dispatching: nobody has signed for it."
        #expect(table[2] == ",\(id),sent,hartlepool-council,\(name),0,,,,,,,not proved: dispatching,\(why)")
        let report = try ProofSet.verify(folder.path + "/set", ProofKnown()) { _ in }
        #expect(report.holds, "\(report.failure?.words ?? "")")
    }

    @Test("what was refused by us, or erased, has no proof, and the reason is told")
    func objections() throws {
        let fixture = try ProofFixture(.received)
        var record = ConsignmentRecord(
            key: try fixture.key(), state: .refused, route: try RouteName("strategy-meeting"), name: nil)
        #expect(ProofObjection(record)?.reason == .refusedByUs)
        record.state = .publishing
        #expect(ProofObjection(record)?.reason == .unanswered(.publishing))
        record.receiptSHA256 = SHA256.digest(Array("the receipt".utf8))
        #expect(ProofObjection(record) == nil)
        record.erasedAt = ProofFixture.provedAt
        #expect(ProofObjection(record)?.reason == .erased(try CalendarDate("2026-05-04")))
    }
}
