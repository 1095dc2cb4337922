import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// After an erasure nothing of it is found in any file, and everything that was proved stays proved.
@Suite struct ErasureTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    // MARK: What is planted

    /// Words that stand nowhere but in the planted deliveries, of several lengths.
    static func words(_ number: Int) -> [String] {
        ["Marigold\(number)x", "THRELKELD-\(number)-" + String(repeating: "q\(number)", count: 40 + number * 90)]
    }

    static func reference(_ number: Int) -> String { "ERASE-ME-\(number)" }

    /// A delivery about somebody: in its name, its case, its facts, its statements and its reasons.
    func planted(_ number: Int, at: Instant, duties: [Duty] = []) throws -> [NewEvent] {
        let key = ConsignmentKey(.sent, try AgencyID("cleveland-police"), ConsignmentID.make(at: at))
        let words = Self.words(number)
        var record = ConsignmentRecord(
            key: key, state: .claimed, route: try RouteName("strategy-meeting"), name: "\(words[0]).pdf", size: 9,
            sha256: fixture.crypto.sha256(Array(words[1].utf8)), waybill: fixture.crypto.sha256([1]),
            purpose: "pu-\(words[0])", categories: ["c-\(words[0])"], basis: ["b-\(words[0])"],
            agreement: "a-\(words[0])", cases: [Self.reference(number)], claimedAt: at, place: words[1],
            inode: "1:2:\(words[0])", why: words[1])
        record.regime = "dpa-part-3"
        record.decidedBy = "person:\(words[0])"
        let kinds: [(EventKind, ConsignmentState)] = [
            (.claimed, .claimed), (.weighed, .claimed), (.released, .claimed), (.signed, .signed),
            (.dispatching, .dispatching), (.delivered, .delivered),
        ]
        return kinds.map { kind, state in
            record.state = state
            let detail = EventDetail(
                ["words": .strings(words), "ref": .string(Self.reference(number))],
                duties: kind == .delivered ? duties : [],
                statement: kind == .signed ? Array((words[1] + words[0]).utf8) : [])
            return NewEvent(
                at: at, kind: kind, consignment: key.id, partner: key.partner, detail: detail, record: record)
        }
    }

    func key(_ events: [NewEvent]) throws -> ConsignmentKey { try #require(events.first?.record?.key) }

    func erasure(_ keys: ConsignmentKey...) -> Erasure {
        Erasure(keys, selector: .subject, because: "Asked for.", by: "person:officer")
    }

    /// Every file beside the ledger in which one of these texts, or their digest, stands.
    func found(_ number: Int) throws -> [String] {
        let words = Self.words(number) + [Self.reference(number)]
        let digest = fixture.crypto.sha256(Array(Self.words(number)[1].utf8))
        let wanted = words.map { Data($0.utf8) } + [Data(digest.bytes), Data(digest.hex.utf8)]
        return try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).sorted().filter { name in
            let bytes = try Data(contentsOf: URL(fileURLWithPath: fixture.folder.file(name)))
            return wanted.contains { bytes.range(of: $0) != nil }
        }
    }

    let officer = Instant(seconds: 1_795_000_000)

    // MARK: The promise

    @Test("a raw scan of file, log and backup finds nothing of it, and its proofs still verify")
    func gone() async throws {
        let ledger = try fixture.open()
        let events = try planted(1, at: fixture.start)
        let key = try key(events)
        try await fixture.generator.fill(ledger, events: 300, width: 1)
        let seqs = try await ledger.append(events)
        try await fixture.generator.fill(ledger, events: 300, from: 50, width: 1)
        let before = try await ledger.proof(of: seqs[3])
        let leaf = try await ledger.events(of: key)[3].leaf
        let note = try await ledger.checkpoint()
        try Data("an older shape: \(Self.words(1)[0])".utf8)
            .write(to: URL(fileURLWithPath: fixture.path + ".before-2"))
        #expect(try found(1).count >= 2)

        let seq = try await ledger.erase(erasure(key), at: officer)
        try await ledger.scrub()

        #expect(try found(1) == [])
        let backup = fixture.folder.file("backup.sqlite")
        try await LedgerBackup.write(ledger, to: backup)
        #expect(try found(1) == [])
        #expect(try await fixture.check(ledger) == [])
        #expect(try await ledger.remembered(named: "erase/") == [:])

        try before.verify(leaf: leaf.bytes, by: fixture.noteKey(ledger.origin.description), fixture.crypto)
        try await ledger.proof(of: seqs[3]).verify(
            leaf: leaf.bytes, by: fixture.noteKey(ledger.origin.description), fixture.crypto)
        let old = try Checkpoint(body: SignedNote(parsing: Array(note.utf8)).body)
        let consistency = try await ledger.consistencyProof(from: old.size, to: seq + 1)
        #expect(!consistency.isEmpty)
        try await ledger.close()
        #expect(try await fixture.check(fixture.open(backup)) == [])
    }

    @Test("the row stays, blank, with its state, times and parties; lists and searches find nothing in it")
    func blank() async throws {
        let ledger = try fixture.open()
        let events = try planted(1, at: fixture.start)
        let key = try key(events)
        try await ledger.append(events)
        let seq = try await ledger.erase(erasure(key), at: officer)
        let record = try #require(try await ledger.record(key))
        #expect(record.state == .delivered && record.erasedAt == officer && record.claimedAt == fixture.start)
        #expect(record.name == nil && record.sha256 == nil && record.cases == [] && record.purpose == "")
        #expect(record.waybill == fixture.crypto.sha256([1]))
        for filter in [LedgerFilter.of { $0.caseReference = Self.reference(1) }, .of { $0.name = "Mari*" }] {
            #expect(try await ledger.list(filter, after: nil, limit: 10) == [])
        }
        let told = try await ledger.events(of: key)
        #expect(told.count == 6 && told.allSatisfy { $0.detail == nil && $0.salt == nil })
        let said = try #require(try await ledger.agencyEvents([.erased], of: nil).first)
        #expect(said.seq == seq)
        let detail = try EventDetail(parsing: try #require(said.detail))
        #expect(
            detail.facts.text == """
                {"because":"Asked for.","by":"person:officer","consignments":1,"details":6,"leaves":[[0,5]],\
                "selector":"subject"}
                """)
    }

    @Test("deliveries between which pages were split and joined again leave nothing either")
    func interleaved() async throws {
        let ledger = try fixture.open()
        var keys: [ConsignmentKey] = []
        for number in 0..<8 {
            let events = try planted(number, at: fixture.start.adding(seconds: Int64(number)))
            keys.append(try key(events))
            for event in events {
                try await ledger.append([event])
                try await fixture.generator.fill(ledger, events: 12, from: number * 100 + 7, width: 1)
            }
        }
        // One after another, each leaving half-empty pages behind, while appends go on.
        for (number, key) in keys.enumerated() where number % 2 == 0 {
            async let appended: Void = {
                _ = try await fixture.generator.fill(ledger, events: 60, from: 5000 + number * 50)
            }()
            _ = try await ledger.erase(erasure(key), at: officer)
            try await ledger.scrub()
            try await appended
        }
        for number in 0..<8 {
            #expect(try found(number).isEmpty == (number % 2 == 0), "delivery \(number)")
        }
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("a stop between the commit and the rewriting of the pages is made good by the next start")
    func stopped() async throws {
        let ledger = try fixture.open()
        let events = try planted(1, at: fixture.start)
        try await ledger.append(events)
        let file = try #require(events.first?.record.map { ErasedFile(key: $0.key, route: $0.route, mark: "1:2:3:4") })
        let wish = Erasure(
            [file.key], selector: .id, because: "Asked for.", by: "person:officer", files: [file])
        let seq = try await ledger.erase(wish, at: officer)
        try await ledger.close()

        let again = try fixture.open()
        let pending = try await again.remembered(named: "erase/")
        #expect(Set(pending.keys) == ["erase/files/\(seq)", "erase/pages"])
        let text = try #require(pending["erase/files/\(seq)"])
        #expect(try JSON(parsing: Array(text.utf8)) == .array([file.json]))
        #expect(try ErasedFile(file.json) == file)
        try await again.scrub()
        #expect(try found(1) == [])
        #expect(try await again.remembered("erase/pages") == nil)
        #expect(try await fixture.check(again) == [])
    }

    // MARK: What may not be erased

    @Test("what is under way, waits for a person or is still owed is not erased, and nothing with it")
    func refused() async throws {
        let ledger = try fixture.open()
        let (done, owed) = (try planted(1, at: fixture.start), try planted(2, at: fixture.start.adding(seconds: 1)))
        let duty = fixture.duty(.review, about: try key(owed))
        try await ledger.append(done)
        try await ledger.append(Array(owed.dropLast()))
        let search = ErasureSearch(ledger)
        #expect(try await search.candidate(key(owed))?.obstacle == .underWay)
        try await ledger.append([try #require(owed.last)])
        try await ledger.append([later(.duty, try key(owed), at: fixture.start, duties: [duty])])
        #expect(try await search.candidate(key(owed))?.obstacle == .owed([.review]))
        await #expect(throws: LedgerTrouble.self) {
            try await ledger.erase(erasure(try key(done), try key(owed)), at: officer)
        }
        #expect(try await ledger.record(key(done))?.erasedAt == nil)
        var closed = duty
        closed.close(at: officer, by: "person:a", ground: "judged", because: Self.words(2)[0])
        try await ledger.append([later(.duty, try key(owed), at: officer, duties: [closed])])
        _ = try await ledger.erase(erasure(try key(done), try key(owed)), at: officer)
        try await ledger.scrub()
        #expect(try found(2) == [] && found(1) == [])
        #expect(try await ledger.duties(DutyFilter(), limit: 10) == [])
        #expect(try await fixture.check(ledger) == [])
        await #expect(throws: LedgerTrouble.self) { try await ledger.erase(erasure(try key(done)), at: officer) }
    }

    @Test("a duty that an event about another consignment closed stays with that event")
    func shared() async throws {
        let ledger = try fixture.open()
        let (old, new) = (try planted(1, at: fixture.start), try planted(2, at: fixture.start.adding(seconds: 1)))
        let duty = fixture.duty(.correction, about: try key(old))
        var closed = duty
        closed.close(at: fixture.start, by: "partner:cleveland-police", ground: "received")
        try await ledger.append(old + [later(.duty, try key(old), at: fixture.start, duties: [duty])])
        try await ledger.append(try planted(3, at: fixture.start.adding(seconds: 2), duties: [closed]))
        try await ledger.append(new)
        _ = try await ledger.erase(erasure(try key(old)), at: officer)
        #expect(try await fixture.check(ledger) == [])
        #expect(try await ledger.duties(DutyFilter(), limit: 10) == [closed])
    }

    @Test("what is said about it afterwards is kept, and the row stays blank")
    func afterwards() async throws {
        let ledger = try fixture.open()
        let events = try planted(1, at: fixture.start)
        let key = try key(events)
        try await ledger.append(events)
        _ = try await ledger.erase(erasure(key), at: officer)
        var record = try #require(try await ledger.record(key))
        (record.state, record.why, record.name) = (.recalled, "Asked back.", "again.pdf")
        try await ledger.append([
            NewEvent(
                at: officer, kind: .recalled, consignment: key.id, partner: key.partner, detail: EventDetail([:]),
                record: record)
        ])
        let row = try #require(try await ledger.record(key))
        #expect(row.state == .recalled && row.why == nil && row.name == nil)
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("of two consignments with one id, only the one that was meant is erased")
    func sameID() async throws {
        let ledger = try fixture.open()
        let events = try planted(1, at: fixture.start)
        let sent = try key(events)
        let theirs = try received(fixture.start, partner: sent.partner.text, id: sent.id)
        try await ledger.append(events + [event(.publishing, theirs, at: fixture.start)])
        let heard = EventDetail(["direction": .string("received")])
        try await ledger.append([
            NewEvent(at: fixture.start, kind: .heard, consignment: sent.id, partner: sent.partner, detail: heard)
        ])
        _ = try await ledger.erase(erasure(sent), at: officer)
        #expect(try await ledger.events(of: theirs.key).map { $0.detail != nil } == [true, true])
        #expect(try await ledger.record(theirs.key)?.name == theirs.name)
        #expect(try await fixture.check(ledger) == [])
    }

    // MARK: The check

    @Test(
        "the check names a detail that is gone without an event, one that came back, and a row that is not blank",
        arguments: [
            ("DELETE FROM details WHERE seq = 8", "leaf 8: the detail is missing, and no event says"),
            ("DELETE FROM details WHERE seq IN (8, 9, 10)", "leaves 8 to 10: the detail is missing"),
            ("DELETE FROM details WHERE seq = 12", "leaf 12: the detail is missing, and no event says"),
            ("INSERT INTO details VALUES (3, x'00', x'00')", "leaf 3: was erased, but its detail still stands"),
            ("UPDATE consignments SET name = 'x' WHERE erasedAt IS NOT NULL", "its row was erased, but is not blank"),
            ("INSERT INTO cases SELECT 'x', row FROM consignments WHERE erasedAt IS NOT NULL", "but is not blank"),
            ("UPDATE consignments SET erasedAt = NULL", "leaf 0: was erased, but the row of its consignment was not"),
            ("UPDATE consignments SET erasedAt = 5 WHERE erasedAt IS NULL", "its row says erased, but no event does"),
        ])
    func checked(sql: String, finding: String) async throws {
        let ledger = try fixture.open()
        let events = try planted(1, at: fixture.start)
        try await ledger.append(events)
        try await ledger.append(try planted(2, at: fixture.start.adding(seconds: 1)))
        _ = try await ledger.erase(erasure(try key(events)), at: officer)
        try await ledger.close()
        #expect(try await fixture.check(LedgerReader(path: fixture.path, crypto: fixture.crypto)) == [])
        try fixture.tamper(sql)
        let findings = try await fixture.check(LedgerReader(path: fixture.path, crypto: fixture.crypto))
        #expect(findings.contains { $0.contains(finding) }, "\(findings)")
    }
}

extension LedgerFilter {
    static func of(_ change: (inout LedgerFilter) -> Void) -> LedgerFilter {
        var filter = LedgerFilter()
        change(&filter)
        return filter
    }
}
