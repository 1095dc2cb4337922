import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Law
import Ledger
import Logging
import Policy
import Statements
import Synchronization
import Transport
import Vocabulary
import Witness

/// An agency with real keys, a real card, real folders in a temporary place, and a ledger in memory.
struct TestAgency: Sendable {
    let id: AgencyID
    let keys: KeyRing
    let signedCard: [UInt8]
    let root: String
    let ledger = InMemoryLedger.forTests()

    init(_ id: String, root: String, at now: Instant = Clock.start) throws {
        self.id = try AgencyID(id)
        self.root = "\(root)/\(id)"
        keys = try KeyRing.generate(agency: self.id, now: now)
        signedCard = try TestCard.sign(self.id, keys, at: now)
    }

    func asPartner(at now: Instant = Clock.start) throws -> Partner {
        try CardReader.verify(signedCard, pinned: keys.identity.certificate.fingerprint, at: now)
    }

    /// - Parameter other: a ledger in place of its own.
    func house(
        knowing partners: [Partner], at clock: Clock, rules: HouseRules = HouseRules(), on other: InMemoryLedger? = nil
    ) throws -> House {
        let (alarms, log) = (Alarms(), Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let rollback = RollbackState(other ?? ledger)
        let agency = Agency(
            us: OurIdentity(id, identity: keys.identity.certificate, keys: try chain),
            ledger: other ?? ledger, partners: Partners(partners, now: { clock.now }), law: try Law.book(),
            layout: Layout(
                outbox: "\(root)/outbox", work: "\(root)/work", held: "\(root)/held", sent: "\(root)/sent",
                inbox: "\(root)/inbox"), rules: rules, alarms: alarms,
            clock: AgencyClock(alarms: alarms, log: log, now: { clock.now }, boot: { clock.boot }),
            rollback: rollback, log: log)
        return House(agency, rollback, noteKeys: noteKeys)
    }

    private var chain: ActiveKeys {
        get throws {
            ActiveKeys(
                signer: try StatementSigner(key: keys.signing.key(), certificate: keys.signing.certificate),
                opener: Opener(keys: [try OpeningKey(key: keys.sealing.key(), certificate: keys.sealing.certificate)]))
        }
    }
}

/// A clock that only moves when told to.
final class Clock: Sendable {
    static let start = Instant(milliseconds: 1_795_000_000_000)
    private let moment: Mutex<Instant>
    private let passed = Mutex(0.0)
    private let isLive: Bool

    init(_ start: Instant = Clock.start) {
        moment = Mutex(start)
        isLive = false
    }

    /// The clock on the wall, for whole journeys.
    init(live: Bool) {
        moment = Mutex(Clock.start)
        isLive = live
    }

    var now: Instant {
        let moment = moment.withLock { $0 }
        return isLive
            ? Instant(milliseconds: WallClock.now().milliseconds + moment.milliseconds - Self.start.milliseconds)
            : moment
    }
    /// Seconds of the clock that never jumps.
    var boot: Double { isLive ? Double(BootClock.now()) / 1e9 : passed.withLock { $0 } }
    func advance(seconds: Int64) {
        moment.withLock { $0 = $0.adding(seconds: seconds) }
        passed.withLock { $0 += Double(seconds) }
    }
    /// Somebody sets it: no time passes.
    func set(by seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
}

/// The shipped catalogue and agreements.
enum Law {
    static func book() throws -> LoadedLaw {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Catalogue")
        func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: top.appending(path: path))) }
        let law = try bytes("catalogue-2026-11-30.yaml")
        let catalogue = try CatalogueReader.read(law, file: "catalogue", sha256: SHA256.digest(law)).get()
        let text = try bytes("agreements/tees-tier-2.yaml")
        let agreement = try AgreementReader.read(
            text, file: "tier 2", sha256: SHA256.digest(text), catalogue: catalogue
        ).get()
        return LoadedLaw(LoadedLaw.Content(catalogue: catalogue, agreements: [agreement]), admission: .lenient)
    }
}

/// A folder that goes with its test.
func inTemporaryFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-exchange-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

/// The body of an arrival, in pieces of a chosen size, which may break off.
struct TestBody: ArrivingBytes {
    var pieces: [[UInt8]]
    var breaks = false
    let cut: @Sendable () -> Void = {}

    init(_ messages: [[UInt8]], piece: Int = 10_000, keeping most: Int? = nil) {
        let all = Array(messages.joined())
        let kept = Array(all.prefix(most ?? all.count))
        pieces = stride(from: 0, to: kept.count, by: piece).map { Array(kept[$0..<min(kept.count, $0 + piece)]) }
        breaks = kept.count < all.count
    }

    mutating func next(_ take: (RawSpan) throws -> Void) async throws -> Bool {
        guard !pieces.isEmpty else {
            if breaks { throw CutShort("the test broke the road") }
            return false
        }
        try pieces.removeFirst().withRawSpan(take)
        return true
    }
}

/// Everything that stockton needs to send one file to cleveland-police by hand, honestly or not.
struct Parcelled {
    var waybill: Waybill
    let content: [UInt8]
    let sender: TestAgency
    let recipient: TestAgency

    init(
        _ content: [UInt8], from sender: TestAgency, to recipient: TestAgency, name: String = "minutes.pdf",
        at now: Instant = Clock.start, digest: Digest? = nil, route: String = "strategy-meeting"
    ) throws {
        self.content = content
        self.sender = sender
        self.recipient = recipient
        let judged = try Law.book().judge(
            .init(RouteName(route), sideCar: nil, Share.Sides(from: sender.id, to: recipient.id), at: now))
        guard let label = judged.label else { throw Malformed("fixture", "the shipped route gives no label") }
        waybill = Waybill(
            id: .make(at: now),
            parties: Parties(
                from: sender.id, to: recipient.id, fromIdentity: sender.keys.identity.certificate.fingerprint,
                toIdentity: recipient.keys.identity.certificate.fingerprint),
            signedAt: now, bind: try Digest(Random.bytes(32)),
            file: try FileDescription(
                name: name, size: Int64(content.count), sha256: digest ?? SHA256.digest(content),
                mediaType: "application/pdf"),
            partSize: try PartSize(bytes: 1 << 16), label: label, submittedBy: "test")
    }

    func signed(by keys: KeyRing? = nil, pair: KeyRing.Pair? = nil) throws -> [UInt8] {
        let pair = pair ?? (keys ?? sender.keys).signing
        return try StatementSigner(key: pair.key(), certificate: pair.certificate).sign(
            waybill.encoded, at: waybill.signedAt)
    }

    /// Message 0 and parts `from`... of the consignment.
    func messages(from part: Int = 1, signed: [UInt8]? = nil) throws -> [[UInt8]] {
        let sealer = try Sealer(recipient: recipient.keys.sealing.certificate)
        let parts = try (1..<(waybill.partCount + 1)).filter { $0 >= part }.map { try self.part($0, at: $0, sealer) }
        return [try sealer.sealWaybill(signed ?? self.signed())] + parts
    }

    /// Part `index`, sealed as if it stood at `place`.
    func part(_ index: Int, at place: Int, _ sealer: Sealer? = nil) throws -> [UInt8] {
        let sealer = try sealer ?? Sealer(recipient: recipient.keys.sealing.certificate)
        let start = (index - 1) * waybill.partSize.bytes
        let slice = content[start..<min(content.count, start + waybill.partSize.bytes)]
        return try sealer.sealPart(bind: waybill.bind, index: place, length: slice.count) { span in
            for (i, byte) in slice.enumerated() { span.storeBytes(of: byte, toByteOffset: i, as: UInt8.self) }
        }
    }
}

extension InMemoryLedger {
    static func forTests() -> InMemoryLedger {
        do {
            let origin = try LedgerOrigin(
                agency: AgencyID("testing"), identity: Digest(Random.bytes(32)),
                ledger: "3f2b8c1e-0000-4000-8000-000000000000")
            return InMemoryLedger(origin: origin, crypto: TestCrypto(), signer: try TestSigner())
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Every kind of event so far.
    var kinds: Set<EventKind> {
        get async { Set(testOnlyEvents.map(\.leaf.kind)) }
    }
}

/// OpenSSL behind the ledger's seam, as in the daemon.
struct TestCrypto: LedgerCrypto {
    func sha256(_ bytes: [UInt8]) -> Digest { SHA256.digest(bytes) }
    func hmac(key: [UInt8], _ bytes: [UInt8]) -> Digest { HMAC.sha256(key: key, bytes) }
    func salt() -> [UInt8] { Random.bytes(32) }
    func verify(_ signature: [UInt8], over message: [UInt8], by publicKey: [UInt8]) -> Bool {
        Ed25519.verify(signature, over: message, publicKey: publicKey)
    }
}

/// A fresh ledger key.
final class TestSigner: CheckpointSigner {
    private let key: PrivateKey
    let publicKey: [UInt8]

    init() throws {
        key = try PrivateKey.generate(.ed25519)
        publicKey = key.publicKey.raw
    }

    func sign(_ message: [UInt8]) throws -> [UInt8] { try key.sign(message) }
}

/// Looks every 25 ms until it is so, for a minute at most; whether it was.
@discardableResult
func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<2400 {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(25))
    }
    return try await condition()
}
