package import Envelope
package import Ledger
package import Logging
package import Transport
package import Vocabulary

/// What every desk of one agency shares: who we are, our keys, our ledger, our partners, our law, our folders, the time.
///
/// A value that is made once, in `OpenAgency`.
package struct Office: Sendable {
    package let agency: AgencyID
    /// Our own identity certificate.
    package let ourIdentity: Certificate
    package let keys: KeyChain
    package let ledger: any Ledger
    package let partners: PartnerBook
    package let law: LawBook
    package let layout: Layout
    package let rules: HouseRules
    /// What partners may take of this machine.
    package let budget: Budget
    package let standing: Standing
    package let clock: AgencyClock
    /// By which everybody tells everybody else to look.
    package let signals: Signals
    /// Whether a restored backup keeps us from exchanging.
    package let rollback: any RollbackGuard
    package let log: Logger

    package init(
        agency: AgencyID, identity: Certificate, signer: StatementSigner, opener: Opener, ledger: any Ledger,
        partners: PartnerBook, law: LawBook, layout: Layout, rules: HouseRules, standing: Standing, log: Logger,
        clock: AgencyClock, rollback: any RollbackGuard
    ) {
        self.agency = agency
        ourIdentity = identity
        keys = KeyChain(signer: signer, opener: opener)
        self.ledger = ledger
        self.partners = partners
        self.law = law
        self.layout = layout
        self.rules = rules
        budget = Budget(rules.bounds)
        self.standing = standing
        self.clock = clock
        signals = Signals()
        self.rollback = rollback
        self.log = log
    }

    private init(_ other: Office, _ rollback: any RollbackGuard) {
        (agency, ourIdentity, keys, ledger) = (other.agency, other.ourIdentity, other.keys, other.ledger)
        (partners, law, layout, rules) = (other.partners, other.law, other.layout, other.rules)
        (budget, standing, clock, signals) = (other.budget, other.standing, other.clock, other.signals)
        (self.rollback, log) = (rollback, other.log)
    }

    /// The same one behind another guard: one that asks partners, say, who are asked through what has this one.
    package func guarded(by rollback: any RollbackGuard) -> Office { Office(self, rollback) }

    package var identity: Fingerprint { ourIdentity.fingerprint }
    /// The keys of this moment: asked for anew each time, because they are rotated while files flow.
    package var signer: OurSigner { OurSigner(keys.signer) }
    package var opener: Opener { keys.opener }

    /// From them to us.
    func parties(from partner: Partner) -> Parties {
        Parties(from: partner.id, to: agency, fromIdentity: partner.fingerprint, toIdentity: identity)
    }

    /// From us to them, as every statement about a consignment of ours says it.
    func parties(to partner: Partner) -> Parties {
        Parties(from: agency, to: partner.id, fromIdentity: identity, toIdentity: partner.fingerprint)
    }
}
