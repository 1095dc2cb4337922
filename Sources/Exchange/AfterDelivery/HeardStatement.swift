internal import Envelope
internal import Statements
package import Vocabulary

/// What a partner says about a consignment afterwards, opened and verified: theirs, between us, dated in one way.
///
/// Says nothing yet about whether it fits what our ledger holds.
package struct HeardStatement: Sendable {
    package enum Content: Hashable, Sendable {
        case withdrawal(Withdrawal)
        case later(LaterStatement)
    }

    package let content: Content
    /// SignedData, verbatim: what the ledger keeps.
    package let signed: [UInt8]

    fileprivate init(content: Content, signed: [UInt8]) {
        self.content = content
        self.signed = signed
    }
}

/// Reads statements at the door.
struct StatementDoor: Sendable {
    let us: AgencyID
    let ourIdentity: Fingerprint
    let opener: Opener

    /// Statements travel sealed, because a share on the way must not show what was asked back and why (decision 0012);
    /// one that is only signed is read as well.
    ///
    /// Throws `EnvelopeError` or `Malformed`.
    func read(_ bytes: [UInt8], from partner: Partner, at now: Instant) throws -> HeardStatement {
        let signed = (try? opener.openWaybill(bytes)) ?? bytes
        let content = try partner.author.verify(signed, as: HeardStatement.Content.self).statement
        guard content.signedAt <= now.adding(seconds: WaybillOpener.greatestAhead) else {
            throw Malformed("statement", "is dated a day or more ahead of our clock")
        }
        try requireParties(content, partner)
        return HeardStatement(content: content, signed: signed)
    }

    /// The issuer is the partner who brought it, and the other side is us, in our present identity.
    private func requireParties(_ content: HeardStatement.Content, _ partner: Partner) throws(Malformed) {
        let fromThem = Parties(
            from: partner.id, to: us, fromIdentity: partner.fingerprint, toIdentity: ourIdentity)
        let fromUs = Parties(from: us, to: partner.id, fromIdentity: ourIdentity, toIdentity: partner.fingerprint)
        guard content.parties == (content.isSenders ? fromThem : fromUs) else {
            throw Malformed("statement", "names other parties than the partner who brought it and us")
        }
    }
}

extension HeardStatement.Content: Statement {
    package init(_ json: JSON) throws(Malformed) {
        if let withdrawal = try? Withdrawal(json) {
            self = .withdrawal(withdrawal)
        } else {
            self = .later(try LaterStatement(json))
        }
    }

    package var consignment: ConsignmentID {
        switch self {
        case .withdrawal(let withdrawal): withdrawal.consignment
        case .later(let statement): statement.consignment
        }
    }

    package var signedAt: Instant {
        switch self {
        case .withdrawal(let withdrawal): withdrawal.signedAt
        case .later(let statement): statement.signedAt
        }
    }

    var isNews: Bool {
        switch self {
        case .withdrawal: false
        case .later(let statement): statement.kind.isNews
        }
    }

    package var parties: Parties {
        switch self {
        case .withdrawal(let withdrawal): withdrawal.parties
        case .later(let statement): statement.parties
        }
    }

    fileprivate var isSenders: Bool {
        switch self {
        case .withdrawal: true
        case .later(let statement): statement.kind.isSenders
        }
    }
}
