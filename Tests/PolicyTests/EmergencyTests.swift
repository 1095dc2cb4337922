import Policy
import Testing
import Vocabulary

/// What stops an emergency, and what does not (protocol 4.2).
@Suite("In an emergency") struct EmergencyTests {
    private var situation: Situation

    init() throws {
        situation = try Situation()
        situation.label.emergency = .init(reason: "danger now", reviewBy: situation.now)
    }

    /// The recipient's row as a test says.
    private func recipient(
        _ status: Organisation.Status, to last: String?, successor: String?
    ) throws -> Situation {
        var changed = situation
        var gone = Organisation(id: try AgencyID("old-board"), label: nil, name: "Old board", kind: "icb")
        gone.status = status
        gone.validTo = try last.map { text in try CalendarDate(text) }
        gone.successor = try successor.map { text in try AgencyID(text) }
        changed.catalogue = changed.catalogue.with { $0.organisations.append(gone) }
        changed.recipient = gone.id
        return changed
    }

    @Test("nothing goes to an organisation that ended, and no person can release it")
    func ended() throws {
        var ended = try recipient(.ended, to: "2022-06-30", successor: "nenc-icb")
        guard case .block(let findings) = ended.decision else {
            Issue.record("decided \(ended.decision)")
            return
        }
        #expect(findings.contains { $0.rule == "R-015" && $0.isFinal && $0.fix.contains("nenc-icb") })
        #expect(ended.judgement.deferred == [])
        for finding in findings { #expect(try Finding(finding.json) == finding) }
        ended.label.emergency = nil
        guard case .hold(let held) = ended.decision else {
            Issue.record("decided \(ended.decision)")
            return
        }
        #expect(held.contains { $0.rule == "R-015" && $0.isFinal })
    }

    @Test(
        "a row counts as ended only if it is ended, dated in the past, and names who took over",
        arguments: [
            (Organisation.Status.current, "2022-06-30", "nenc-icb"), (.unverified, "2022-06-30", "nenc-icb"),
            (.ended, "2022-06-30", nil), (.ended, nil, "nenc-icb"), (.ended, "2026-11-22", "nenc-icb"),
            (.ended, "2022-06-30", "nobody-knows"),
        ] as [(Organisation.Status, String?, String?)])
    func unfinishedRows(_ status: Organisation.Status, _ last: String?, _ successor: String?) throws {
        let other = try recipient(status, to: last, successor: successor)
        guard case .release = other.decision else {
            Issue.record("decided \(other.decision)")
            return
        }
        #expect(other.catalogue.heir(of: other.recipient, on: try CalendarDate("2026-11-22")) == nil)
    }

    @Test("the note names the folder of whoever took over, or says telephone where there is none")
    func folder() throws {
        let ended = try recipient(.ended, to: "2022-06-30", successor: "nenc-icb")
        func fix(_ partners: Set<AgencyID>?) -> String {
            let decision = PolicyEngine.decide(ended.share(here: Share.Here(partners: partners)))
            guard case .block(let findings) = decision else { return "" }
            return findings.first { $0.rule == "R-015" }?.fix ?? ""
        }
        let heir = try AgencyID("nenc-icb")
        #expect(fix([heir]).contains("outbox/nenc-icb/strategy-meeting"))
        #expect(fix([]).contains("telephone") && !fix([]).contains("outbox/"))
        #expect(fix(nil).contains("nenc-icb") && !fix(nil).contains("outbox/"))
    }

    @Test("the line of successors is followed to its end, and a circle of rows ends too")
    func line() throws {
        func row(_ id: String, _ successor: String?) throws -> Organisation {
            var row = Organisation(id: try AgencyID(id), label: nil, name: id, kind: "icb")
            (row.status, row.successor) = (successor == nil ? .current : .ended, try successor.map { try AgencyID($0) })
            row.validTo = successor == nil ? nil : try CalendarDate("2020-01-01")
            return row
        }
        let catalogue = Catalogue(
            version: "test", sha256: situation.catalogue.sha256,
            .init(organisations: [
                try row("first", "second"), try row("second", "third"), try row("third", nil), try row("left", "right"),
                try row("right", "left"),
            ]))
        let day = try CalendarDate("2026-11-22")
        #expect(catalogue.heir(of: try AgencyID("first"), on: day)?.id.text == "third")
        #expect(catalogue.heir(of: try AgencyID("third"), on: day) == nil)
        #expect(catalogue.heir(of: try AgencyID("left"), on: day)?.id.text == "right")
    }

    @Test("a group is no partner to begin with, an ended organisation is warned of, others are not spoken of")
    func doubts() throws {
        var group = Organisation(id: try AgencyID("all-schools"), label: nil, name: "Schools", kind: "group")
        group.openGroup = true
        let ended = try recipient(.ended, to: "2022-06-30", successor: "nenc-icb").catalogue
        let catalogue = Catalogue(
            version: "test", sha256: ended.sha256, .init(organisations: ended.organisations + [group]))
        let day = try CalendarDate("2026-11-22")
        let doubt = try #require(catalogue.doubt(about: group.id, on: day))
        #expect(doubt.isGroup && doubt.words.contains("name the organisation itself"))
        let gone = try #require(catalogue.doubt(about: try AgencyID("old-board"), on: day))
        #expect(!gone.isGroup && gone.words.contains("2022-06-30") && gone.words.contains("nenc-icb"))
        for id in ["hartlepool", "nobody-knows", "tees-valley-ccg"] {
            #expect(catalogue.doubt(about: try AgencyID(id), on: day) == nil)
        }
    }
}
