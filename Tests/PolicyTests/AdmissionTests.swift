import Policy
import Testing
import Vocabulary

@Suite struct AdmissionTests {
    private func admit(_ situation: Situation, _ known: [Agreement], _ admission: Admission = .lenient) -> Decision {
        let terms = Share.Terms(of: situation.label, among: known, situation.catalogue)
        let share = Share(situation.label, situation.sides, under: terms, at: situation.now)
        return PolicyEngine.admit(share, admission)
    }

    private func rules(_ decision: Decision) -> [String] {
        switch decision {
        case .release(let findings), .hold(let findings), .block(let findings): findings.map(\.rule)
        }
    }

    @Test(
        "a label in known words under the agreement that both hold is taken without a word",
        arguments: Admission.allCases)
    func known(_ admission: Admission) throws {
        let situation = try Situation()
        let agreement = try #require(situation.agreement)
        #expect(admit(situation, [agreement], admission) == .release(warnings: []))
    }

    @Test("an agreement that is not known here is a warning to the lenient and a refusal from the strict")
    func unknownAgreement() throws {
        let situation = try Situation()
        guard case .release(let warnings) = admit(situation, []) else {
            Issue.record("refused")
            return
        }
        #expect(warnings.map(\.rule) == ["R-011"])
        guard case .block(let findings) = admit(situation, [], .strict) else {
            Issue.record("taken")
            return
        }
        #expect(findings.map(\.rule) == ["R-011"])
    }

    @Test("another file of the agreement is a warning, never a refusal", arguments: Admission.allCases)
    func otherVersion(_ admission: Admission) throws {
        var situation = try Situation()
        let agreement = try #require(situation.agreement)
        situation.label.agreement.sha256 = try Digest([UInt8](repeating: 9, count: 32))
        let decision = admit(situation, [agreement], admission)
        #expect(rules(decision) == ["R-011v"])
        guard case .release = decision else {
            Issue.record("refused")
            return
        }
    }

    @Test("of several versions held here the one that the label pins is found")
    func severalVersions() throws {
        let situation = try Situation()
        let ours = try #require(situation.agreement)
        let older = Agreement(
            .init(id: ours.id, version: "2025-04", sha256: situation.catalogue.sha256), validFrom: ours.validFrom)
        #expect(admit(situation, [older, ours]) == .release(warnings: []))
    }

    @Test("unknown purposes and categories are refused by the strict, save in an emergency")
    func unknownWords() throws {
        var situation = try Situation()
        let agreement = try #require(situation.agreement)
        situation.label.purpose = "pu-9"
        situation.label.categories.append("pd-99")
        #expect(rules(admit(situation, [agreement])) == ["R-007", "R-000"])
        guard case .block = admit(situation, [agreement], .strict) else {
            Issue.record("taken")
            return
        }
        situation.label.emergency = .init(reason: "danger now", reviewBy: situation.now)
        guard case .release = admit(situation, [agreement], .strict) else {
            Issue.record("an emergency was refused")
            return
        }
    }
}
