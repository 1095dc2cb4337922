internal import Daemon
internal import Envelope
internal import Exchange
internal import Folders
internal import Ledger
internal import Logging
internal import Settings
internal import Vocabulary

/// The receiving desk of an installation whose daemon is down, for a consignment that came by hand. The caller holds the
/// lock.
struct ReceivingRoom {
    let desk: Arrivals
    let opener: Opener
    let ledger: any Ledger
    private let backroom: Backroom

    init(_ premises: Premises) async throws {
        let keys = try KeyCupboard(folder: premises.folders.keys)
        backroom = try Backroom(premises)
        (opener, ledger) = (try keys.opener(), backroom.ledger)
        let partners = try PartnerShelf(folder: premises.folders.partners).load().partners
        let folders = premises.folders
        let office = Office(
            agency: premises.settings.agency, identity: keys.identity, signer: try keys.signer(), opener: opener,
            ledger: ledger, partners: PartnerBook(partners, now: { WallClock.now() }),
            law: LawBook(try LawShelf.load(folders), admission: premises.settings.admission),
            layout: Layout(
                outbox: folders.outbox, work: folders.work, held: folders.held, sent: folders.sent,
                inbox: folders.inbox, isGuarded: true),
            rules: Self.rules(premises.settings), standing: Standing(),
            log: Logger(label: "waybill", factory: { _ in SwiftLogNoOpLogHandler() }), now: { WallClock.now() })
        let card = try FileSystem.read(premises.cardPath)
        desk = Arrivals(office: office, card: { card })
        if let places = office.layout.places {
            try await PlaceRecords(ledger, places, root: folders.root, doubts: office.doubts).begin(at: WallClock.now())
        }
    }

    func close() async throws { try await backroom.close() }

    private static func rules(_ settings: Installation) -> HouseRules {
        var rules = HouseRules()
        rules.diskReserve = settings.diskReserve
        rules.stagedBytesPerPartner = settings.limits.stagedBytes
        rules.readersGroup = settings.groups.readers
        return rules
    }

    /// Who says to have sent this, and under which id: nothing of it is believed before the desk has verified it.
    func claims(of file: StickBytes) throws -> Vocabulary.Waybill {
        do {
            var (stream, offset) = (DERStream(), 0)
            let beginning = try file.beginning(DERStream.waybillLimit)
            guard let first = try stream.next(in: beginning.span, at: &offset) else {
                throw EnvelopeError.stream(.truncated)
            }
            return try Vocabulary.Waybill(parsing: StatementVerifier.uncheckedContent(of: opener.openWaybill(first)))
        } catch {
            throw Trouble(
                "This is not a consignment that we can open.", why: "\(error)",
                fix: "Ask the sender whether it is for us, and to seal it again with our newest card.")
        }
    }
}
