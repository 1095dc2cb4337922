import Envelope
import ExchangeTesting
import Foundation
import GRDB
import Ledger
@testable import LedgerSQLite
import Testing
import Vocabulary

/// Texts of any content come back from a ledger as they went in, and the check finds nothing in them.
@Suite struct AnyTextTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    /// Each goes into every text of a row, a duty, an attempt and a fact.
    private static let texts: [String] = {
        let scalars = Array(0...0x1f) + Array(0x7f...0x9f) + [0x2028, 0x202e, 0x2066, 0xfeff, 0xfffe, 0xe000, 0x10fffd]
        let each = scalars.compactMap { Unicode.Scalar(UInt32($0)) }.map { "a\($0)b" }
        return each + [
            "\u{0}", "\u{0}\u{0}a", "a\u{0}", "\u{1a}", "\u{1a}0", "\u{1a}1\u{0}\u{1a}", "'; DROP TABLE leaves; --",
            "*?[",
            "e\u{301} é", String(repeating: "x", count: 1 << 12) + "\u{0}end",
        ]
    }()

    private func record(_ text: String, _ number: Int) throws -> ConsignmentRecord {
        var record = try received(fixture.start.adding(seconds: Int64(number)))
        (record.name, record.purpose, record.agreement, record.why) = (text, text, text, text)
        (record.place, record.inode, record.regime, record.decidedBy) = (text, text, text, text)
        (record.categories, record.basis, record.cases) = ([text, "x"], [text], [text, "other-\(number)"])
        return record
    }

    private func duty(_ text: String, _ key: ConsignmentKey) -> Duty {
        var duty = fixture.duty(.notice, about: key, subject: text)
        (duty.ground, duty.because, duty.by, duty.facts) = (text, text, text, ["ref": text])
        return duty
    }

    /// As bytes: `==` takes two spellings of é for the same.
    private func bytes(_ record: ConsignmentRecord) -> [[UInt8]?] {
        let texts = [record.name, record.purpose, record.agreement, record.why, record.place, record.inode]
        return (texts + [record.regime, record.decidedBy] + record.categories + record.basis + record.cases).map {
            $0.map { Array($0.utf8) }
        }
    }

    @Test("in rows, duties, attempts and facts, after a restart too, and found by what they are")
    func anyText() async throws {
        var ledger = try fixture.open()
        var kept: [(record: ConsignmentRecord, duty: Duty, text: String)] = []
        for (number, text) in Self.texts.enumerated() {
            let record = try record(text, number)
            let duty = duty(text, record.key)
            try await ledger.append([event(.publishing, record, at: fixture.start, duties: [duty])])
            try await ledger.noteAttempt(
                Attempt(key: record.key, count: 1, lastAt: fixture.start, nextAt: fixture.start, why: text))
            try await ledger.remember("fact \(text)", text)
            kept.append((record, duty, text))
        }
        for _ in 0..<2 {
            for (record, duty, text) in kept {
                let read = try #require(try await ledger.record(record.key))
                #expect(bytes(read) == bytes(record))
                var filter = DutyFilter()
                filter.subject = text
                let duties = try await ledger.duties(filter, limit: 9)
                #expect(duties.map(\.json.encoded) == [duty.json.encoded])
                #expect(try await ledger.remembered("fact \(text)")?.utf8.elementsEqual(text.utf8) == true)
                try await requireFound(record, text, in: ledger)
            }
            let attempts = try await ledger.attempts()
            #expect(Set(attempts.map { Array($0.why.utf8) }) == Set(kept.map { Array($0.text.utf8) }))
            #expect(try await ledger.remembered(named: "fact ").count == kept.count)
            #expect(try await fixture.check(ledger) == [])
            try await ledger.close()
            ledger = try fixture.open()
        }
    }

    private func requireFound(_ record: ConsignmentRecord, _ text: String, in ledger: SQLiteLedger) async throws {
        var byCase = LedgerFilter()
        byCase.caseReference = text
        #expect(try await ledger.list(byCase, limit: 9).map(\.key) == [record.key])
        guard !text.contains(where: { "*?[".contains($0) }), text.utf8.count < 1000 else { return }
        var byName = LedgerFilter()
        byName.name = text
        #expect(try await ledger.list(byName, limit: 9).map(\.key) == [record.key])
    }

    @Test("a mebibyte of it, too")
    func long() async throws {
        let text = String(repeating: "x", count: 1 << 20) + "\u{0}\u{1a}end"
        var record = try received(fixture.start)
        (record.purpose, record.why, record.cases) = (text, text, [text])
        let ledger = try fixture.open()
        try await ledger.append([event(.publishing, record, at: fixture.start)])
        let read = try #require(try await ledger.record(record.key))
        #expect(bytes(read) == bytes(record))
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("a name and a case that change only in how é is spelled are written anew")
    func spelling() async throws {
        let ledger = try fixture.open()
        var record = try record("é", 0)
        try await ledger.append([event(.publishing, record, at: fixture.start)])
        record.state = .delivered
        (record.name, record.cases) = ("e\u{301}", ["e\u{301}"])
        try await ledger.append([event(.received, record, at: fixture.start)])
        #expect(try await ledger.record(record.key)?.name?.utf8.count == 3)
        #expect(try await fixture.check(ledger) == [])
    }

    @Test("a text that was changed into what no text is written as is found")
    func changed() async throws {
        let ledger = try fixture.open()
        let record = try record("a\u{0}b", 0)
        try await ledger.append([event(.publishing, record, at: fixture.start)])
        try fixture.tamper("UPDATE consignments SET purpose = replace(purpose, char(26) || '0', char(26))")
        #expect(try await fixture.check(ledger).contains { $0.contains("its row cannot be read") })
    }
}

/// A ledger of the release before, whose rows were cut at U+0000, is made whole when it is opened.
@Suite struct TextHealingTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    /// What a partner signed, inside something that looks a little like it.
    private func statement(_ label: [String: JSON]) -> [UInt8] {
        let json = JSON.object(["label": .object(label), "statement": .string("waybill/v1")])
        return [0x30, 0x80] + Array(#"{"x"{"y":"#.utf8) + json.encoded + Array(repeating: 7, count: 70)
    }

    private struct Taken {
        var record: ConsignmentRecord
        let duty: Duty
    }

    /// A delivery whose waybill holds the character wherever a row repeats it.
    private func take(_ ledger: SQLiteLedger, _ mark: String, _ number: Int) async throws -> Taken {
        var record = try received(fixture.start.adding(seconds: Int64(number)))
        (record.purpose, record.decidedBy, record.agreement) = (
            "pu-1\(mark)x", "person:\(mark)", "tees\(mark)@2026\(mark)"
        )
        (record.cases, record.categories) = (["CASE\(mark)7", "CASE-8"], ["c\(mark)"])
        let label: [String: JSON] = [
            "agreement": .object(["id": .string("tees\(mark)"), "version": .string("2026\(mark)")]),
            "decidedBy": .string(record.decidedBy), "purpose": .string(record.purpose),
        ]
        var duty = fixture.duty(.notice, about: record.key, subject: "CASE\(mark)7")
        duty.because = "b\(mark)c"
        let statement = statement(label)
        try await ledger.append([event(.publishing, record, at: fixture.start, statement: statement)])
        record.state = .delivered
        try await ledger.append([event(.received, record, at: fixture.start, duties: [duty], statement: [1])])
        return Taken(record: record, duty: duty)
    }

    /// As the release before wrote it: texts end at U+0000, and U+001A stands for itself.
    private func makeOld() throws {
        let columns = [
            "consignments": ["name", "purpose", "agreement", "why", "decidedBy"], "cases": ["ref"],
            "duties": ["subject", "because"], "attempts": ["why"],
        ]
        for (table, names) in columns {
            for name in names {
                try fixture.tamper(
                    """
                    UPDATE \(table) SET \(name) = substr(\(name), 1, instr(\(name), char(26) || '0') - 1)
                    WHERE instr(\(name), char(26) || '0') > 0;
                    UPDATE \(table) SET \(name) = replace(\(name), char(26) || '1', char(26));
                    """)
            }
        }
        try fixture.tamper("DELETE FROM grdb_migrations WHERE identifier = '4'; PRAGMA user_version = 3")
    }

    @Test("its rows, cases and duties are as their events say, the check is sound, and it says so")
    func healed() async throws {
        let old = try fixture.open()
        let cut = try await take(old, "\u{0}", 0)
        let plain = try await take(old, "-", 1)
        let odd = try await take(old, "\u{1a}", 2)
        try await old.noteAttempt(
            Attempt(key: plain.record.key, count: 1, lastAt: fixture.start, nextAt: fixture.start, why: "busy\u{0}"))
        try await old.remember("fact", "value")
        try await old.close()
        try makeOld()
        #expect(throws: LedgerTrouble.self) { try LedgerReader(path: fixture.path, crypto: fixture.crypto) }

        let ledger = try fixture.open()
        for taken in [cut, plain, odd] {
            let read = try #require(try await ledger.record(taken.record.key))
            #expect(read == taken.record && read.purpose.utf8.count == taken.record.purpose.utf8.count)
            var filter = DutyFilter()
            filter.subject = taken.duty.subject
            #expect(try await ledger.duties(filter, limit: 9) == [taken.duty])
            var byCase = LedgerFilter()
            byCase.caseReference = taken.record.cases[0]
            #expect(try await ledger.list(byCase, limit: 9).map(\.key) == [taken.record.key])
        }
        #expect(try await fixture.check(ledger) == [])
        let told = try #require(try await ledger.remembered(HealedTexts.memory))
        let healed = try HealedTexts(JSON(kept: Array(told.utf8)))
        #expect(healed.consignments == ["harbour": 1] && healed.duties == 1 && healed.attempts == 1)
        #expect(try await ledger.attempts().isEmpty)
        #expect(FileManager.default.fileExists(atPath: fixture.path + ".before-4"))

        // What was owed can be closed now: with a cut subject it was another duty.
        let closed = cut.duty.closed(at: fixture.start, by: "person:x", ground: "judged")
        try await ledger.append([later(.duty, cut.record.key, at: fixture.start, duties: [closed])])
        #expect(try await fixture.check(ledger) == [])
    }

    /// Dumped from the ledger of a real daemon of that release: it had taken one waybill with U+0000 in its purpose, in who
    /// decided, in the version of its agreement and in a person's reference, and called its own ledger not sound.
    @Test("a real ledger of the release before is healed, its signed waybill untouched, and its check is sound")
    func real() async throws {
        let dump = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cut-at-nul.sql")
        try fixture.tamper(String(contentsOf: dump, encoding: .utf8))
        var opening = LedgerOpening()
        opening.readDeadline = .seconds(120)
        let identity = try Digest(hex: "1daf92270c60d5d8519a01d2913f4badc4f215462f24b8e8f6fee1ae6d9bb828")
        let ledger = try SQLiteLedger(
            path: fixture.path, of: LedgerOwner(AgencyID("hartlepool"), identity), crypto: fixture.crypto,
            signer: fixture.signer, opening)
        let report = try await LedgerCheck(ledger, crypto: fixture.crypto, publicKey: nil).run()
        #expect(report.problems.map(\.description) == [] && report.consignments == 1 && report.duties == 2)
        let record = try #require(try await ledger.list(LedgerFilter(), limit: 9).first)
        #expect(record.purpose == "a\u{0}b" && record.decidedBy == "person:\u{0}x")
        #expect(record.agreement == "tees-tier-2@2026\u{0}-04" && record.cases == ["CASE\u{0}-1"])
        var byCase = LedgerFilter()
        byCase.caseReference = "CASE\u{0}-1"
        #expect(try await ledger.list(byCase, limit: 9).map(\.key) == [record.key])
        let signed = try #require(try await ledger.statement(.publishing, of: record.key))
        let json = try StatementVerifier.uncheckedContent(of: signed)
        #expect(try Waybill(kept: json).label.purpose == record.purpose)
        #expect(throws: Malformed.self) { try Waybill(parsing: json) }
    }

    @Test("a row that somebody changed is not made whole with it, and still found")
    func tampered() async throws {
        let old = try fixture.open()
        let cut = try await take(old, "\u{0}", 0)
        let other = try await take(old, "\u{0}", 1)
        try await old.close()
        try makeOld()
        try fixture.tamper("UPDATE consignments SET size = 11 WHERE row = 1")
        let ledger = try fixture.open()
        let findings = try await fixture.check(ledger)
        #expect(findings.contains { $0.contains("\(cut.record.key.id)") && $0.contains("is not as event") })
        #expect(!findings.contains { $0.contains("\(other.record.key.id)") }, "\(findings)")
    }

    @Test("a ledger with nothing to heal says nothing, and is healed once only")
    func nothing() async throws {
        let old = try fixture.open()
        try await old.append(fixture.generator.delivery(0))
        try await old.close()
        try makeOld()
        let ledger = try fixture.open()
        #expect(try await ledger.remembered(HealedTexts.memory) == nil)
        #expect(try await fixture.check(ledger) == [])
    }
}
