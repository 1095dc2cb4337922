package import Policy
internal import Synchronization
package import Vocabulary

/// The catalogue and the agreements that are loaded at this moment, replaced whole when files change.
package final class LoadedLaw: Sendable {
    package struct Content: Sendable {
        package let catalogue: Catalogue
        package let agreements: [Agreement]

        package init(catalogue: Catalogue, agreements: [Agreement]) {
            self.catalogue = catalogue
            self.agreements = agreements
        }

        package var workingDays: WorkingDays { WorkingDays(bankHolidays: catalogue.bankHolidays) }
    }

    /// What policy said of a drop, and the label if one could be made.
    package struct Judgement: Sendable {
        /// With the origin of each field; nil where route or side-car could not be understood.
        package let labelled: Labelled?
        /// `labelled.json`, made once for all files that are judged alike.
        package let origins: JSON?
        package let decision: Decision
        /// What an emergency left open.
        package let deferred: [Finding]
        /// The law under which we send it.
        package let regime: Regime
        package let replaces: LabelOverride.Replacement?

        package var label: Label? { labelled?.label }

        fileprivate init(
            _ labelled: Labelled?, _ decision: Decision, deferred: [Finding] = [], regime: Regime = .ukGDPR,
            replaces: LabelOverride.Replacement? = nil
        ) {
            (self.labelled, origins, self.decision) = (labelled, labelled?.json, decision)
            (self.deferred, self.regime, self.replaces) = (deferred, regime, replaces)
        }
    }

    private struct Loaded {
        var content: Content
        var known = KnownJudgements()
    }

    private let loaded: Mutex<Loaded>
    private let admission: Policy.Admission
    /// What we are by our settings.
    private let offices: Set<Share.Office>

    package init(_ content: Content, admission: Policy.Admission, offices: Set<Share.Office> = []) {
        loaded = Mutex(Loaded(content: content))
        self.admission = admission
        self.offices = offices
    }

    package var current: Content { loaded.withLock { $0.content } }
    /// What was judged by the old is forgotten with it.
    package func replace(_ new: Content) { loaded.withLock { $0 = Loaded(content: new, known: $0.known.emptied) } }
    /// How many drops were judged anew since it was made.
    package var testOnlyJudged: Int { loaded.withLock { $0.known.judged } }

    /// Every route of every agreement, once. A partner outside an agreement has its folders too: what is dropped there
    /// is held with the reason, which helps more than a missing folder.
    package var routes: [Route] {
        var seen: Set<RouteName> = []
        return current.agreements.flatMap(\.routes).filter { seen.insert($0.name).inserted }
    }

    /// A file in an outbox, as the law sees it.
    package struct Drop: Sendable {
        package let route: RouteName
        package let sideCar: [UInt8]?
        package let sides: Share.Sides
        package let at: Instant
        /// Categories that the content check suggests.
        package var suggested: [String] = []
        /// Who has a folder here; nil where that is not known.
        package var partners: Set<AgencyID>?

        package init(_ route: RouteName, sideCar: [UInt8]?, _ sides: Share.Sides, at: Instant) {
            (self.route, self.sideCar, self.sides, self.at) = (route, sideCar, sides, at)
        }
    }

    /// Files without a word of their own are judged once for a route, a partner and a day.
    package func judge(_ drop: Drop) -> Judgement {
        let alike = KnownJudgements.Alike(drop)
        let (law, known, life) = loaded.withLock { ($0.content, $0.known.find(alike), $0.known.life) }
        if let known { return known }
        let judged = judge(drop, by: law)
        loaded.withLock { $0.known.keep(judged, alike, life) }
        return judged
    }

    private func judge(_ drop: Drop, by law: Content) -> Judgement {
        guard let (agreement, route) = Self.find(drop.route, drop.sides, drop.at, law.agreements) else {
            return Judgement(nil, .hold([Self.noRoute(drop.route)]))
        }
        var override: LabelOverride?
        // A slip of the pen does not hold up an emergency: it goes with the route's label, and the slip is left open.
        var slips: [Finding] = []
        do { override = try Self.read(drop.sideCar, law.catalogue) } catch {
            override = error.emergency
            guard route.emergency || override != nil else {
                return Judgement(nil, .hold(error.findings))
            }
            slips = error.findings
        }
        let labelling = Labelling(under: agreement, law.catalogue, at: drop.at)
        var labelled = labelling.label(route, sideCar: override, suggested: drop.suggested)
        if let refusal = labelled.label.refusal {
            guard labelled.label.emergency != nil else {
                return Judgement(nil, .hold([Self.tooMuch(refusal)]))
            }
            override = drop.sideCar.flatMap(SideCarReader.emergencyAlone)
            labelled = labelling.label(route, sideCar: override, suggested: drop.suggested)
            slips.append(Self.tooMuch(refusal))
        }
        let share = Share(
            labelled.label, drop.sides, under: Share.Terms(agreement, law.catalogue), at: drop.at,
            here: Share.Here(offices: offices, partners: drop.partners))
        let judged = PolicyEngine.judge(share)
        let deferred = slips + judged.deferred
        if !deferred.isEmpty {
            let due = PolicyEngine.reviewDue(route: route, deferred: deferred, catalogue: law.catalogue, now: drop.at)
            labelled = Labelling.reviewed(labelled, by: due)
        }
        return Judgement(
            labelled, judged.decision.warning(of: slips), deferred: deferred, regime: judged.regimes.sender,
            replaces: override?.replaces)
    }

    /// A person has read the reasons and answers for it: only a block, or what is final, still stops the file.
    package func judgeReleased(_ drop: Drop, by account: String) -> Judgement {
        let judged = judge(drop)
        guard let labelled = judged.labelled else { return judged }
        let decision: Decision =
            switch judged.decision {
            case .block: judged.decision
            case .hold(let findings) where findings.contains(where: \.isFinal): .block(findings)
            case .hold(let findings), .release(let findings): .release(warnings: findings)
            }
        return Judgement(
            Labelling.released(labelled, by: account), decision, deferred: judged.deferred, regime: judged.regime,
            replaces: judged.replaces)
    }

    /// Whether a file goes in front of all others: by its route, or by what its side-car says.
    package func isUrgent(_ route: RouteName, sideCar: [UInt8]?) -> Bool {
        let law = current
        if law.agreements.contains(where: { $0.route(route)?.emergency == true }) { return true }
        do { return try Self.read(sideCar, law.catalogue)?.emergency != nil } catch { return error.emergency != nil }
    }

    /// How closely the files of a route are looked into.
    package func contentCheck(
        _ route: RouteName, sender: AgencyID, recipient: AgencyID, at now: Instant
    ) -> Route.ContentCheck {
        Self.find(route, Share.Sides(from: sender, to: recipient), now, current.agreements)?.1.contentCheck ?? .off
    }

    /// The law under which we take in a file with this label.
    package func regime(receiving label: Label, from sender: AgencyID, we: AgencyID, at now: Instant) -> Regime {
        arriving(label, Share.Sides(from: sender, to: we), at: now).regime(of: we)
    }

    package func admit(_ label: Label, sender: AgencyID, we: AgencyID, at now: Instant) -> Decision {
        PolicyEngine.admit(arriving(label, Share.Sides(from: sender, to: we), at: now), admission)
    }

    private func arriving(_ label: Label, _ sides: Share.Sides, at now: Instant) -> Share {
        let law = current
        let terms = Share.Terms(of: label, among: law.agreements, law.catalogue)
        return Share(label, sides, under: terms, at: now)
    }

    /// The agreement of a route: one in force between the two today if there is one, else any that has the route, so
    /// that the reason can name it.
    private static func find(
        _ name: RouteName, _ sides: Share.Sides, _ now: Instant, _ agreements: [Agreement]
    ) -> (Agreement, Route)? {
        let today = now.londonDate
        let having = agreements.compactMap { agreement in agreement.route(name).map { (agreement, $0) } }
        let between = having.filter { agreement, _ in
            // The newest version alone: a party that a new version dropped does not go on under the old one.
            agreements.inForce(agreement.id, on: today) == agreement
                && [sides.sender, sides.recipient].allSatisfy { id in
                    agreement.parties.contains { $0.id == id && $0.isParty(on: today) }
                }
        }
        return (between.isEmpty ? having : between).max { $0.0.validFrom < $1.0.validFrom }
    }

    private struct Wrong: Error {
        let findings: [Finding]
        /// What it says of an emergency, if that much can be read: a slip elsewhere does not unsay the danger.
        let emergency: LabelOverride?
    }

    /// A side-car that is not understood holds its file: nobody should guess what a person meant.
    private static func read(_ sideCar: [UInt8]?, _ catalogue: Catalogue) throws(Wrong) -> LabelOverride? {
        guard let sideCar else { return nil }
        let reading = SideCarReader.read(sideCar, file: "the side-car", catalogue: catalogue)
        guard reading.errors.isEmpty, let value = reading.value else {
            throw Wrong(findings: reading.findings, emergency: SideCarReader.emergencyAlone(sideCar))
        }
        return value
    }

    private static func tooMuch(_ refusal: String) -> Finding {
        Finding(
            rule: "R-000", citation: "label side-car",
            found: "Every recipient refuses a label such as this file's: \(refusal).",
            fix:
                "Say it in fewer words beside the file, or put the words into the file; then save the label file again."
        )
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

extension Decision {
    /// The same, with more to say where it lets go.
    fileprivate func warning(of findings: [Finding]) -> Decision {
        guard case .release(let warnings) = self else { return self }
        return .release(warnings: findings + warnings)
    }
}
