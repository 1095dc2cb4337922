package import Envelope
package import Law
package import Ledger
package import Logging
package import Statements
package import Transport
package import Vocabulary

/// What every stage of one agency's exchange needs: who we are, our ledger, our partners, our law, our folders, the time.
///
/// Made once, in `OpenAgency`, and complete from then on; what changes while it runs changes inside its parts.
package struct Agency: Sendable {
    package let us: OurIdentity
    package let ledger: any Ledger
    package let partners: Partners
    package let law: LoadedLaw
    package let layout: Layout
    package let rules: HouseRules
    /// What partners may take of this machine.
    package let budget: Budget
    package let alarms: Alarms
    /// By which everybody tells everybody else to look.
    package let signals: Signals
    package let clock: AgencyClock
    /// Whether a restored backup keeps us from exchanging.
    package let rollback: any RollbackGuard
    package let log: Logger

    package init(
        us: OurIdentity, ledger: any Ledger, partners: Partners, law: LoadedLaw, layout: Layout, rules: HouseRules,
        alarms: Alarms, clock: AgencyClock, rollback: any RollbackGuard, log: Logger
    ) {
        (self.us, self.ledger, self.partners, self.law) = (us, ledger, partners, law)
        (self.layout, self.rules, budget) = (layout, rules, Budget(rules.bounds))
        (self.alarms, signals, self.clock) = (alarms, Signals(), clock)
        (self.rollback, self.log) = (rollback, log)
    }

    private init(_ other: Agency, _ rollback: any RollbackGuard) {
        (us, ledger, partners, law) = (other.us, other.ledger, other.partners, other.law)
        (layout, rules, budget) = (other.layout, other.rules, other.budget)
        (alarms, signals, clock) = (other.alarms, other.signals, other.clock)
        (self.rollback, log) = (rollback, other.log)
    }

    /// The same one behind another guard: one that asks partners, say, by roads that need this one.
    package func guarded(by rollback: any RollbackGuard) -> Agency { Agency(self, rollback) }
}

/// Who we are, and our keys of this moment: they are rotated while files flow.
package struct OurIdentity: Sendable {
    package let id: AgencyID
    package let identity: Certificate
    package let keys: ActiveKeys

    package init(_ id: AgencyID, identity: Certificate, keys: ActiveKeys) {
        (self.id, self.identity, self.keys) = (id, identity, keys)
    }

    package var fingerprint: Fingerprint { identity.fingerprint }
    package var signer: OurSigner { OurSigner(keys.signer) }
    package var opener: Opener { keys.opener }
    /// What we signed ourselves counts if its key was not retired yet.
    package var author: Author { Author(identity, .countBefore(keys.retired)) }

    /// From them to us.
    package func parties(from partner: Partner) -> Parties {
        Parties(from: partner.id, to: id, fromIdentity: partner.fingerprint, toIdentity: fingerprint)
    }

    /// From us to them, as every statement about a consignment of ours says it.
    package func parties(to partner: Partner) -> Parties {
        Parties(from: id, to: partner.id, fromIdentity: fingerprint, toIdentity: partner.fingerprint)
    }
}

extension Agency {
    /// For the beginning of a note about a file for this partner.
    func danger(_ partner: AgencyID) -> String { Notes.danger(ring: rules.contacts.whomToRing(partner)) }

    /// One commit for all groups, each whole or not at all; what could not be made is not in it.
    /// - Returns: for each whether it is in the ledger.
    func append(each groups: [Result<[NewEvent], any Error>]) async -> [Result<Void, any Error>] {
        let made = groups.compactMap { try? $0.get() }
        var answers: [Result<Void, any Error>] = made.map { _ in .failure(Unanswered()) }
        do {
            for (at, answer) in try await ledger.append(each: made).enumerated() where at < answers.count {
                answers[at] = Result { _ = try answer.get() }
            }
        } catch {
            answers = made.map { _ in .failure(error) }
        }
        var next = answers[...]
        return groups.map { $0.flatMap { _ in next.removeFirst() } }
    }
}

/// A ledger that does not say how a group ended: nothing is concluded, and it is appended anew.
private struct Unanswered: Error {}

extension Result {
    var isSuccess: Bool { if case .success = self { true } else { false } }
}
