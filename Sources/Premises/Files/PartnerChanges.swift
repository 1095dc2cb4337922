internal import Envelope
internal import Exchange
internal import Folders
package import Ledger
package import Policy
package import Statements
package import Vocabulary

/// Adds and removes partners: in the ledger, among their files, and for everybody who asks from now on, in this order.
package struct PartnerChanges: Sendable {
    let us: AgencyID
    let ourIdentity: Fingerprint
    let ledger: any Ledger
    let files: PartnerFiles
    let known: Partners
    /// Nil where no catalogue can be read: then nothing is known of anybody.
    private let catalogue: @Sendable () -> Catalogue?
    private let turns = OneAtATime()
    private let identities: KnownIdentities

    package init(
        us: (id: AgencyID, identity: Fingerprint), files: PartnerFiles, ledger: any Ledger, known: Partners,
        catalogue: @escaping @Sendable () -> Catalogue?
    ) {
        self.catalogue = catalogue
        (self.us, ourIdentity) = us
        self.files = files
        self.ledger = ledger
        identities = KnownIdentities(ledger: ledger, files: files)
        self.known = known
    }

    /// - Parameter pinned: what the partner's own people said their fingerprint is.
    package func add(_ card: [UInt8], pinned: Fingerprint, by account: String, at now: Instant) async throws -> Partner
    {
        try await turns.take { try await added(card, pinned, account, now) }
    }

    private func added(
        _ card: [UInt8], _ pinned: Fingerprint, _ account: String, _ now: Instant
    ) async throws -> Partner {
        let partner = try CardReader.verify(card, pinned: pinned, at: now)
        guard partner.id != us, partner.fingerprint != ourIdentity else { throw CardProblem.ourselves }
        if let twin = known.all.first(where: { $0.fingerprint == partner.fingerprint && $0.id != partner.id }) {
            throw Trouble(
                "This identity is already the partner \(twin.id).", why: "Two partners never share an identity.",
                fix: "Remove \(twin.id) first if it was renamed: waybill partner remove \(twin.id)")
        }
        try refuseGroup(partner.id, at: now)
        try await compare(partner, with: known[partner.id], at: now)
        try await identities.check(partner)
        try await identities.remember(partner)
        try await record(
            .partnerAdded, partner.id,
            [
                "by": .string(account), "card": .string(SHA256.digest(card).hex),
                "identity": .string(partner.fingerprint.hex),
                "serial": .integer(partner.card.serial),
            ], card, at: now)
        try await ledger.remember(CardOwed.name(partner.id), nil)
        try files.put(partner)
        known.put(partner)
        return partner
    }

    /// A group cannot begin to be a partner. One that is one already stays: its urgent files go on.
    private func refuseGroup(_ id: AgencyID, at now: Instant) throws {
        guard known[id] == nil, let doubt = catalogue()?.doubt(about: id, on: now.londonDate), doubt.isGroup else {
            return
        }
        throw Trouble(
            "\(id) cannot be a partner.", why: doubt.words,
            fix: "Ask them for the card of the organisation that you mean, with an id of its own.")
    }

    /// A newer card that came by itself. Nobody need be asked, because the identity that a person confirmed has signed it.
    /// Returns what we knew and what we know now; nil if it is the card that we have.
    package func take(_ card: [UInt8], from id: AgencyID, at now: Instant) async throws -> (old: Partner, new: Partner)?
    {
        try await turns.take {
            guard let old = known[id] else { throw UnknownPartner(id: id) }
            let new = try verified(card, knowing: old, at: now)
            try await compare(new, with: old, at: now)
            guard new.card != old.card else { return nil }
            try await identities.check(new)
            try await identities.remember(new)
            CrashPoint.afterIdentityRemembered.pass()
            let facts: [String: JSON] = [
                "card": .string(SHA256.digest(card).hex), "identity": .string(new.fingerprint.hex),
                "serial": .integer(new.card.serial),
            ]
            try await record(.cardChanged, id, facts, card, at: now)
            CrashPoint.afterPartnerCardRecorded.pass()
            try files.put(new)
            CrashPoint.afterPartnerCardReplaced.pass()
            known.put(new)
            return (old, new)
        }
    }

    private func verified(_ card: [UInt8], knowing old: Partner, at now: Instant) throws -> Partner {
        do {
            let new = try CardReader.verify(card, pinned: old.fingerprint, at: now)
            guard new.id == old.id else { throw Malformed("card", "is of \(new.id), not of \(old.id)") }
            return new
        } catch CardProblem.wrongFingerprint(let theirs, let expected) {
            throw Trouble(
                "\(old.id) shows a card of another identity.",
                why: "It is signed by \(theirs.hex), we know \(expected.hex). Such a card is never taken by itself.",
                fix: "Ring them. If it is true: waybill partner remove \(old.id), then waybill partner add CARD "
                    + "--fingerprint SHA256, with the fingerprint that they told you.")
        }
    }

    /// Ends the exchange at once. The ledger first; whoever asks after that finds nobody.
    package func revoke(
        _ id: AgencyID, because: String, by account: String, at now: Instant
    ) async throws -> Revocation {
        try await turns.take {
            guard let partner = known[id] else {
                throw Trouble(
                    "\(id) is not a partner.", why: known.revocation(of: id)?.words ?? "There is no card of theirs.",
                    fix: "See: waybill partner list")
            }
            let revocation = Revocation(id, identity: partner.fingerprint, at: now, by: account, because: because)
            let facts: [String: JSON] = [
                "because": .string(because), "by": .string(account), "identity": .string(partner.fingerprint.hex),
            ]
            try await identities.remember(partner, revoked: revocation.words)
            try await record(.partnerRevoked, id, facts, [], at: now)
            try files.revoke(revocation)
            known.revoke(revocation)
            return revocation
        }
    }

    package func knows(_ id: AgencyID) -> Bool { known[id] != nil }

    /// What a person is told who adds this partner.
    package func revocation(of id: AgencyID) -> Revocation? {
        known.revocation(of: id) ?? (try? files.revocations)?.first { $0.id == id }
    }

    package func remove(_ id: AgencyID, by account: String, at now: Instant) async throws {
        guard try known[id] != nil || FileSystem.isThere("\(files.folder)/\(id).card") else {
            throw Trouble(
                "\(id) is not a partner.", why: "There is no card of theirs.", fix: "See: waybill partner list")
        }
        if let partner = known[id] { try await identities.remember(partner) }
        try await record(.partnerRemoved, id, ["by": .string(account)], [], at: now)
        try files.remove(id)
        known.remove(id)
    }

    /// A newer card of the same identity replaces the old one; an older or a second one of the same serial does not.
    private func compare(_ new: Partner, with old: Partner?, at now: Instant) async throws {
        guard let old else { return }
        guard old.fingerprint == new.fingerprint else {
            throw Trouble(
                "\(new.id) has another identity now.",
                why: "The card is signed by \(new.fingerprint.hex), we know \(old.fingerprint.hex).",
                fix: "Ring them. If it is true: waybill partner remove \(new.id), then add the new card.")
        }
        guard new.card.serial >= old.card.serial else {
            throw Trouble(
                "This card of \(new.id) is older than the one we have.",
                why: "Its serial is \(new.card.serial), ours is \(old.card.serial).",
                fix: "Ask them for their newest card.")
        }
        // What was signed is compared, not the signature: anybody may spell a signature in another way.
        guard new.card.serial > old.card.serial || new.card == old.card else {
            try await record(
                .incident, new.id,
                [
                    "what": .string("Two cards of one serial."), "card": .string(SHA256.digest(new.signedCard).hex),
                ], new.signedCard, at: now)
            throw Trouble(
                "\(new.id) has issued two different cards of serial \(new.card.serial).",
                why: "Their identity key signed both; this is recorded as an incident.",
                fix: "Ring them before you trust either.")
        }
    }

    private func record(
        _ kind: EventKind, _ partner: AgencyID, _ facts: [String: JSON], _ statement: [UInt8], at now: Instant
    ) async throws {
        try await ledger.append([
            NewEvent(
                at: now, kind: kind, consignment: nil, partner: partner,
                detail: EventDetail(facts, statement: statement))
        ])
    }
}
