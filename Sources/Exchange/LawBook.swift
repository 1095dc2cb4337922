package import Policy
internal import Settings
internal import Synchronization
package import Vocabulary

/// The catalogue and the agreements that are loaded at this moment, replaced whole when files change.
package final class LawBook: Sendable {
    package struct Content: Sendable {
        package let catalogue: Catalogue
        package let agreements: [Agreement]

        package init(catalogue: Catalogue, agreements: [Agreement]) {
            self.catalogue = catalogue
            self.agreements = agreements
        }
    }

    /// What policy said of a drop, and the label if one could be made.
    package struct Judgement: Sendable {
        package let label: Label?
        package let decision: Decision
    }

    private let content: Mutex<Content>
    private let admission: Policy.Admission

    package init(_ content: Content, admission: Policy.Admission) {
        self.content = Mutex(content)
        self.admission = admission
    }

    package var current: Content { content.withLock { $0 } }
    package func replace(_ new: Content) { content.withLock { $0 = new } }

    /// Every route of every agreement, once. A partner outside an agreement has its folders too: what is dropped there
    /// is held with the reason, which helps more than a missing folder.
    package var routes: [Route] {
        var seen: Set<RouteName> = []
        return current.agreements.flatMap(\.routes).filter { seen.insert($0.name).inserted }
    }

    package func judge(
        route: RouteName, sideCar: [UInt8]?, sender: AgencyID, recipient: AgencyID, at now: Instant
    ) -> Judgement {
        let law = current
        guard let (agreement, route) = Self.find(route, sender, recipient, now, law.agreements) else {
            return Judgement(label: nil, decision: .hold([Self.noRoute(route)]))
        }
        let override: LabelOverride?
        do { override = try Self.read(sideCar) } catch { return Judgement(label: nil, decision: .hold(error.findings)) }
        let label = Labelling.label(
            route: route, agreement: agreement, catalogue: law.catalogue, sideCar: override, now: now
        ).label
        let decision = PolicyEngine.decide(
            label: label, agreement: agreement, catalogue: law.catalogue, sender: sender, recipient: recipient, now: now
        )
        return Judgement(label: label, decision: decision)
    }

    /// A person has read the reasons and answers for it: only a block still stops the file.
    package func judgeReleased(
        route: RouteName, sideCar: [UInt8]?, sender: AgencyID, recipient: AgencyID, because: String, account: String,
        at now: Instant
    ) -> Judgement {
        let judged = judge(route: route, sideCar: sideCar, sender: sender, recipient: recipient, at: now)
        guard var label = judged.label else { return judged }
        label.decidedBy = "person:\(account)"
        switch judged.decision {
        case .block: return Judgement(label: label, decision: judged.decision)
        case .hold(let findings), .release(let findings):
            return Judgement(label: label, decision: .release(warnings: findings))
        }
    }

    package func admit(_ label: Label, sender: AgencyID, we: AgencyID, at now: Instant) -> Decision {
        let law = current
        return PolicyEngine.admit(
            label: label, knownAgreements: law.agreements, catalogue: law.catalogue, sender: sender, we: we, now: now,
            admission: admission)
    }

    /// The agreement of a route: one in force between the two today if there is one, else any that has the route, so
    /// that the reason can name it.
    private static func find(
        _ name: RouteName, _ sender: AgencyID, _ recipient: AgencyID, _ now: Instant, _ agreements: [Agreement]
    ) -> (Agreement, Route)? {
        let today = now.londonDate
        let having = agreements.compactMap { agreement in agreement.route(name).map { (agreement, $0) } }
        let between = having.filter { agreement, _ in
            agreement.inForce(on: today)
                && [sender, recipient].allSatisfy { id in
                    agreement.parties.contains { $0.id == id && $0.isParty(on: today) }
                }
        }
        return (between.isEmpty ? having : between).max { $0.0.validFrom < $1.0.validFrom }
    }

    private struct Wrong: Error { let findings: [Finding] }

    /// A side-car that is not understood holds its file: nobody should guess what a person meant.
    private static func read(_ sideCar: [UInt8]?) throws(Wrong) -> LabelOverride? {
        guard let sideCar else { return nil }
        let reading = SideCarReader.read(sideCar, file: "the side-car")
        guard reading.errors.isEmpty, let value = reading.value else {
            throw Wrong(
                findings: reading.errors.map { problem in
                    Finding(
                        rule: "R-000", citation: "label side-car", found: "Line \(problem.line): \(problem.what)",
                        fix: problem.hint)
                })
        }
        return value
    }

    private static func noRoute(_ route: RouteName) -> Finding {
        Finding(
            rule: "R-011", citation: "ICO data sharing code; protocol 5.2",
            found: "No sharing agreement that is loaded here has a route `\(route)`.",
            fix:
                "Drop the file into a route folder of an agreement, or ask the information governance lead to load one."
        )
    }
}
