import Envelope
import ExchangeTesting
import Ledger
@testable import Proofs
import Synchronization
import Vocabulary

/// Two agencies, a delivery between them, and the ledger of the one that proves it.
struct ProofFixture {
    static let sentAt = Instant(milliseconds: 1_777_797_000_123)  // 2026-05-03T08:30:00.123Z
    static let receivedAt = sentAt.adding(seconds: 2)
    static let provedAt = sentAt.adding(seconds: 86_400)
    static let file = Array("minutes of the meeting".utf8)

    let sender: KeyRing
    let recipient: KeyRing
    let side: Direction
    /// Of the prover's ledger.
    let ledgerSigner: ProofTestSigner
    let id = ConsignmentID.make(at: sentAt)
    var retired: [Card.Retired] = []

    init(_ side: Direction = .sent) throws {
        sender = try KeyRing.generate(agency: AgencyID("cleveland-police"), now: Self.sentAt)
        recipient = try KeyRing.generate(agency: AgencyID("hartlepool-council"), now: Self.sentAt)
        self.side = side
        ledgerSigner = try ProofTestSigner((side == .sent ? sender : recipient).ledger)
    }

    var prover: KeyRing { side == .sent ? sender : recipient }

    func parties() throws -> Parties {
        Parties(
            from: try AgencyID("cleveland-police"), to: try AgencyID("hartlepool-council"),
            fromIdentity: sender.identity.certificate.fingerprint,
            toIdentity: recipient.identity.certificate.fingerprint)
    }

    func signer(_ ring: KeyRing) throws -> StatementSigner {
        try StatementSigner(key: ring.signing.key(), certificate: ring.signing.certificate)
    }

    // MARK: Statements

    func waybill(file: [UInt8] = Self.file) throws -> Waybill {
        let zero = SHA256.digest(Array("law".utf8))
        let label = Label(
            agreement: .init(id: "tees", version: "2026-1", sha256: zero), route: try RouteName("strategy-meeting"),
            catalogue: .init(id: "", version: "2026-04-01", sha256: zero), purpose: "safeguarding",
            categories: ["children"], basis: .init(article6: ["A6-1-e"]), necessity: "a \\ \"id\":\"zz\"\n\u{1b}[31m{")
        return Waybill(
            id: id, parties: try parties(), signedAt: Self.sentAt, bind: zero,
            file: try FileDescription(
                name: "minutes \u{202e}é \"x\".pdf", size: Int64(file.count), sha256: SHA256.digest(file),
                mediaType: "application/pdf"),
            partSize: .usual, label: label, submittedBy: "officer")
    }

    func receipt(for waybill: Waybill, at signedAt: Instant = receivedAt) throws -> Receipt {
        Receipt(
            consignment: waybill.id, waybill: SHA256.digest(waybill.encoded), parties: waybill.parties,
            sha256: waybill.file.sha256, size: waybill.file.size, receivedAt: Self.receivedAt, signedAt: signedAt,
            checkpoint: "waybill/hartlepool-council/x/y\n1\nAAAA\n\n— x AAAA\n")
    }

    func refusal(for waybill: Waybill) throws -> Refusal {
        Refusal(
            consignment: waybill.id, waybill: SHA256.digest(waybill.encoded), parties: waybill.parties, reason: .policy,
            explanation: "The agreement\nhas ended.", signedAt: Self.receivedAt)
    }

    func card(
        _ ring: KeyRing, _ id: String, serial: Int64 = 1, name: String? = nil, previous: Digest? = nil,
        keys: [(Role, Certificate)]? = nil, at issued: Instant = Self.sentAt
    ) throws -> [UInt8] {
        let keys = keys ?? Self.keys(of: ring)
        let card = try Card(
            id: AgencyID(id), name: name ?? "The \"\(id)\" Ünit \u{202e}", address: "127.0.0.1:8443", serial: serial,
            previous: previous, issuedAt: issued, validUntil: issued.adding(seconds: 400 * 86_400),
            certificates: keys.map { .init(role: $0.0, der: $0.1.der) }, retired: retired,
            versions: ["waybill/v1"])
        let signer = try StatementSigner(identityKey: ring.identity.key(), identity: ring.identity.certificate)
        return try signer.sign(card.encoded, at: issued)
    }

    static func keys(of ring: KeyRing) -> [(Role, Certificate)] {
        [
            (.signing, ring.signing.certificate), (.sealing, ring.sealing.certificate), (.tls, ring.tls.certificate),
            (.ledger, ring.ledger.certificate),
        ]
    }

    /// The counterparty.
    var other: KeyRing { side == .sent ? recipient : sender }
    private static let names = ["cleveland-police", "hartlepool-council"]
    var proverName: String { Self.names[side == .sent ? 0 : 1] }
    var otherName: String { Self.names[side == .sent ? 1 : 0] }

    /// With our own newest card, and theirs for a ledger that never recorded one.
    func home(waybill: [UInt8]? = nil, authority: [UInt8]? = nil) throws -> ProofHome {
        ProofHome(
            card: try card(prover, proverName), theirs: try card(other, otherName), authority: authority,
            waybill: waybill, stamps: authority == nil ? nil : ProofAuthority.check)
    }

    // MARK: The ledger

    /// A ledger with a few events around the consignment's own.
    func contents(
        refused: Bool = false, authority: [UInt8]? = nil, vouch: ((InMemoryLedger) async throws -> Void)? = nil
    ) async throws -> ProofContents {
        let (ledger, signed) = try await story(refused: refused, vouch: vouch)
        return try await ProofContents.gather(key(), from: ledger, home(waybill: signed, authority: authority))
    }

    /// The ledger and the waybill as signed.
    func story(
        refused: Bool = false, vouch: ((InMemoryLedger) async throws -> Void)? = nil
    ) async throws -> (InMemoryLedger, [UInt8]) {
        let waybill = try waybill()
        let signed = try signer(sender).sign(waybill.encoded, at: waybill.signedAt)
        let answer = refused ? try refusal(for: waybill).encoded : try receipt(for: waybill).encoded
        let signedAnswer = try signer(recipient).sign(answer, at: Self.receivedAt)
        let ledger = try makeLedger()
        try await ledger.append(Array(repeating: incident, count: 3))
        try await ledger.append(try events(signed, signedAnswer, refused: refused))
        try await vouch?(ledger)
        try await ledger.append(Array(repeating: incident, count: 6))
        return (ledger, signed)
    }

    func makeLedger() throws -> InMemoryLedger {
        let agency = try parties()
        let origin = try LedgerOrigin(
            agency: side == .sent ? agency.from : agency.to, identity: prover.identity.certificate.fingerprint,
            ledger: "00000000-0000-4000-8000-000000000000")
        return InMemoryLedger(origin: origin, crypto: ProofTestCrypto(), signer: ledgerSigner)
    }

    private var incident: NewEvent {
        NewEvent(at: Self.sentAt, kind: .incident, consignment: nil, partner: nil, detail: EventDetail([:]))
    }

    func key() throws -> ConsignmentKey {
        ConsignmentKey(side, side == .sent ? try parties().to : try parties().from, id)
    }

    private func events(_ waybill: [UInt8], _ answer: [UInt8], refused: Bool) throws -> [NewEvent] {
        let story: [(EventKind, [UInt8])] =
            switch (side, refused) {
            case (.sent, let refused):
                [
                    (.claimed, []), (.weighed, []), (.released, []), (.signed, waybill), (.dispatching, []),
                    (refused ? .refused : .delivered, answer),
                ]
            case (.received, false): [(.publishing, waybill), (.received, answer)]
            case (.received, true): [(.declined, answer)]
            }
        let key = try key()
        let route = try RouteName("strategy-meeting")
        var history = ConsignmentHistory()
        return try story.map { kind, statement in
            try history.take(kind)
            let record = history.state.map { ConsignmentRecord(key: key, state: $0, route: route, name: nil) }
            return NewEvent(
                at: Self.receivedAt, kind: kind, consignment: id, partner: key.partner,
                detail: EventDetail(["route": .string(route.text)], statement: statement), record: record)
        }
    }

    /// What either said about it after its answer, as the prover's ledger holds it.
    func said(
        _ kind: LaterStatement.Kind, because: String? = nil, at signedAt: Instant = receivedAt.adding(seconds: 60),
        by ring: KeyRing? = nil
    ) throws -> NewEvent {
        let statement = LaterStatement(
            kind, consignment: id, waybill: SHA256.digest(try waybill().encoded), parties: try parties(),
            because: because ?? Self.reason(kind), replacement: kind == .correction ? id : nil,
            moment: kind == .handover || kind == .uncollected ? Self.receivedAt : nil, signedAt: signedAt)
        let author = ring ?? (kind.isSenders ? sender : recipient)
        let signed = try signer(author).sign(statement.encoded, at: signedAt)
        let isOurs = kind.isSenders == (side == .sent)
        let isRecall = isOurs && kind == .recall
        let key = try key()
        let record = ConsignmentRecord(key: key, state: .recalled, route: try RouteName("strategy-meeting"), name: nil)
        return NewEvent(
            at: signedAt, kind: isRecall ? .recalled : isOurs ? .said : .heard, consignment: id, partner: key.partner,
            detail: EventDetail(["by": .string("person:jo")], statement: signed), record: isRecall ? record : nil)
    }

    private static func reason(_ kind: LaterStatement.Kind) -> String {
        switch kind {
        case .handover: "moved"
        case .uncollected, .acceptance: ""
        default: "Because \"of\" \(kind.rawValue)"
        }
    }

    // MARK: The proof

    /// Writes the proof into `proof` below a fresh folder.
    func write(_ contents: ProofContents) throws -> ProofFolder {
        let folder = try ProofFolder()
        let writer = ProofWriter(signer: try signer(prover), stamps: ProofAuthority.check)
        try writer.write(contents, to: folder.path + "/proof", at: Self.provedAt)
        try folder.write("file", Self.file)
        return folder
    }

    /// Writes the pages anew to fit, lists and signs the folder, as a dishonest prover would after changing something.
    func signAgain(_ folder: ProofFolder, by ring: KeyRing? = nil, pages: Bool = true) throws {
        let known = ProofKnown(stamps: ProofAuthority.check)
        let files = try ProofFiles(folder: folder.path + "/proof")
        let at = Instant(seconds: Self.provedAt.seconds)
        if pages, let facts = ProofFacts(ProofVerifier.examine(files, known, provedAt: at), provedAt: at) {
            try folder.write("proof/README.txt", ProofPages.readme(facts))
            try folder.write("proof/record.html", ProofPages.record(facts, ProofLaw()))
        }
        let names = try folder.files(below: "proof").filter { !$0.hasPrefix("SHA256SUMS") }
        let lines = try names.map { "\(SHA256.digest(try folder.read("proof/" + $0)).hex)  \($0)\n" }
        let sums = Array(lines.joined().utf8)
        try folder.write("proof/SHA256SUMS", sums)
        try folder.write("proof/SHA256SUMS.p7s", try signer(ring ?? prover).sign(sums, at: Self.provedAt))
    }
}

/// The ledger's primitives, lent by `Envelope`.
struct ProofTestCrypto: LedgerCrypto {
    func sha256(_ bytes: [UInt8]) -> Digest { SHA256.digest(bytes) }
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { HMAC.sha256(key: key, bytes) }
    func salt() -> [UInt8] { Random.bytes(32) }
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: message, publicKey: publicKey)
    }
}

final class ProofTestSigner: CheckpointSigner {
    let publicKey: [UInt8]
    private let key: PrivateKey
    /// Signs from now on, since keys are replaced.
    private let successor = Mutex<(any CheckpointSigner)?>(nil)

    init(_ key: consuming PrivateKey) {
        publicKey = key.publicKey.raw
        self.key = key
    }

    convenience init(_ pair: KeyRing.Pair) throws { self.init(try pair.key()) }

    func sign(_ message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
    func succeed(_ next: ProofTestSigner) { successor.withLock { $0 = next } }
    var present: [any CheckpointSigner] { successor.withLock { [$0 ?? self] } }
}
