import Policy
import Testing
import Vocabulary

@Suite struct RuleTests {
    @Test("each rule speaks where it must and is silent where it may not", arguments: RuleCase.all)
    func cases(_ rule: RuleCase) throws {
        var situation = try Situation()
        try rule.change(&situation)
        switch (situation.decision, rule.outcome) {
        case (.release(let warnings), .goes): #expect(warnings.isEmpty)
        case (.release(let warnings), .warned): #expect(warnings.map(\.rule) == rule.rules)
        case (.hold(let findings), .held): #expect(Set(findings.map(\.rule)) == Set(rule.rules))
        default: Issue.record("decided \(situation.decision)")
        }
    }

    @Test("a finding cites the catalogue and has one plain sentence for what is wrong and one for the fix")
    func sentences() throws {
        for rule in RuleCase.all where rule.outcome == .held {
            var situation = try Situation()
            try rule.change(&situation)
            guard case .hold(let findings) = situation.decision else { continue }
            for finding in findings {
                #expect(finding.citation == "citation of \(finding.rule)")
                #expect(finding.found.hasSuffix(".") && finding.fix.hasSuffix("."))
                #expect(!finding.fix.contains(". "), "\(finding.fix)")
                #expect(!finding.found.contains("Optional"))
            }
        }
    }

    @Test("an ended organisation is held with the name of its successor")
    func successor() throws {
        var situation = try Situation()
        situation.recipient = try AgencyID("tees-valley-ccg")
        guard case .hold(let findings) = situation.decision, let finding = findings.first else {
            Issue.record("not held")
            return
        }
        #expect(finding.found.contains("2022-06-30"))
        #expect(finding.fix.contains("nenc-icb"))
    }

    @Test("an emergency goes at once, with what would have held it as warnings")
    func emergency() throws {
        var situation = try Situation()
        situation.label.basis.article9 = []
        situation.label.emergency = .init(reason: "danger now", reviewBy: situation.now)
        guard case .release(let warnings) = situation.decision else {
            Issue.record("not released")
            return
        }
        #expect(warnings.map(\.rule) == ["R-020"])
    }

    @Test("what an emergency left open is listed for afterwards, and nothing of any other file")
    func deferred() throws {
        var situation = try Situation()
        situation.label.basis.article9 = []
        situation.label.retention = nil
        #expect(situation.judgement.deferred == [])
        situation.label.emergency = .init(reason: "danger now", reviewBy: situation.now)
        #expect(situation.judgement.deferred.map(\.rule) == ["R-020"])
    }

    @Test("the regime of each side is judged by itself", arguments: RegimeCase.all)
    func regimes(_ regimeCase: RegimeCase) throws {
        var situation = try Situation()
        try regimeCase.change(&situation)
        let regimes = situation.judgement.regimes
        #expect(regimes.sender == regimeCase.sender)
        #expect(regimes.recipient == regimeCase.recipient)
        #expect(situation.share().regime(of: situation.recipient) == regimeCase.recipient)
    }

    /// Protocol 4.2: fears must not stand in the way. A catalogue is data, so no word in it can bring the old fault back.
    @Test("no rule of the catalogue stops an emergency, whatever its row says: it goes and is reviewed")
    func blockedRows() throws {
        for rule in RuleCase.all where rule.outcome == .held {
            var situation = try Situation()
            try rule.change(&situation)
            situation.block()
            guard case .block(let findings) = situation.decision else {
                Issue.record("\(rule) is not blocked in routine")
                continue
            }
            #expect(Set(findings.map(\.rule)).isSuperset(of: rule.rules))
            situation.label.emergency = .init(reason: "danger now", reviewBy: situation.now)
            guard case .release(let warnings) = situation.decision else {
                Issue.record("\(rule) stops an emergency")
                continue
            }
            #expect(Set(warnings.map(\.rule)).isSuperset(of: rule.rules))
            #expect(Set(situation.judgement.deferred.map(\.rule)).isSuperset(of: rule.rules), "no review of \(rule)")
        }
    }

    @Test("a catalogue that lost a rule holds instead of letting through")
    func missingRule() throws {
        var situation = try Situation()
        situation.catalogue = try Words.catalogue(without: "R-020")
        guard case .hold(let findings) = situation.decision else {
            Issue.record("not held")
            return
        }
        #expect(findings.map(\.rule) == ["R-020"])
    }

    @Test("a rule does not apply before its first day")
    func datedRule() throws {
        var situation = try Situation()
        situation.label.necessity = ""
        let later = RuleEntry(
            id: "R-006", citation: "c", outcome: .hold, says: "",
            validity: Validity(from: try CalendarDate("2027-01-01")))
        situation.catalogue = situation.catalogue.with { rows in
            rows.rules = rows.rules.filter { $0.id != "R-006" } + [later]
        }
        #expect(situation.decision == .release(warnings: []))
        situation.now = try Instant("2027-01-01T00:00:00.000Z")
        guard case .hold(let findings) = situation.decision else {
            Issue.record("not held")
            return
        }
        #expect(findings.map(\.rule) == ["R-006"])
    }
}
