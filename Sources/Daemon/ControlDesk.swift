internal import Exchange
internal import Folders
internal import FoundationEssentials
internal import Law
internal import Ledger
internal import Logging
internal import Policy
internal import ServiceLifecycle
internal import Settings
package import TransportHTTPS
internal import Vocabulary

/// What officers may ask of the running daemon, over the control socket: JSON in, JSON out, the caller known by the
/// kernel and named in the ledger.
///
///     {"verb":"release","id":"...","because":"..."}   ->   {"ok":true} | {"ok":false,"why":"..."}
package struct ControlDesk: Sendable {
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    package func answer(_ caller: ControlCaller, _ request: [UInt8]) async -> [UInt8] {
        let account = User.name(of: caller.uid) ?? "uid-\(caller.uid)"
        do {
            return try await perform(JSON(request: request), account).encoded
        } catch {
            return JSON.object(["ok": .bool(false), "why": .string("\(error)")]).encoded
        }
    }

    private func perform(_ request: JSON, _ account: String) async throws -> JSON {
        var m = try JSONMembers(request, of: "request")
        let verb = try m.string("verb")
        let result: [String: JSON]
        if !Self.worksStandingStill.contains(verb), let refusal = wiring.agency.rollback.refusal { throw refusal }
        switch verb {
        case "status": result = ["status": await StatusReport(wiring).json]
        case "release": result = try await release(&m, account)
        case "reject": result = try await reject(&m, account)
        case "recall": result = try await recall(&m, account)
        case "accept", "destroyed", "retained", "misdirected": result = try await answer(verb, &m, account)
        case "duty-close": result = try await closeDuty(&m, account)
        case "notice-close", "notice-defer", "notice-contact": result = try await notice(verb, &m, account)
        case "partner-add": result = try await addPartner(&m, account)
        case "partner-remove": result = try await removePartner(&m, account)
        case "partner-revoke": result = try await revokePartner(&m, account)
        case "partner-test": result = try await testPartner(&m)
        case "keys-prepare": result = try await Self.prepare(&m, wiring.keys, at: wiring.agency.clock.now())
        case "keys-install":
            result = try await Self.install(&m, wiring.keys, by: account, at: wiring.agency.clock.now())
        case "checkpoint": result = ["checkpoint": .string(try await wiring.agency.ledger.checkpoint())]
        case "reload": result = try reload()
        case "erase", "erase-finish": result = try await EraseRequest(wiring).answer(verb, &m, account)
        case "accept-place": result = try await acceptPlace(&m, account)
        case "recover":
            result = try await wiring.restorer.recover(
                because: m.string("because"), by: account, evenSo: m.optionalString("evenSo") == "yes"
            ).json
        case "witness-seen":
            try await WitnessIncidents(agency: wiring.agency)
                .seen(m.agency("partner"), because: m.string("because"), by: account)
            result = [:]
        default: throw Malformed("request", "unknown verb")
        }
        try m.end()
        wiring.log.info("control", metadata: ["verb": "\(verb)", "account": "\(account)"])
        return .object(result.merging(["ok": .bool(true)]) { $1 })
    }

    /// What neither signs nor changes anything that a restored ledger should know.
    private static let worksStandingStill: Set = ["status", "partner-test", "recover", "reload"]

    private func release(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        try await wiring.sending.release(m.consignment("id"), because: m.string("because"), by: account)
        return [:]
    }

    private func reject(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        let test = try m.optionalString("test").map { text throws(Malformed) in try NotSharing(text) }
        try await wiring.sending.reject(m.consignment("id"), because: m.string("because"), test: test, by: account)
        return [:]
    }

    private func recall(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        switch try await wiring.sending.recall(m.consignment("id"), because: m.string("because"), by: account) {
        case .neverLeft: ["asked": .bool(false)]
        case .asked: ["asked": .bool(true)]
        }
    }

    private var duties: DutyDesk { DutyDesk(agency: wiring.agency, collections: wiring.opened.collections) }

    /// What the recipient says of what it got.
    private func answer(_ verb: String, _ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        let (id, desk) = (try m.consignment("id"), duties)
        let partner = try m.optionalString("partner").map { text throws(Malformed) in try AgencyID(text) }
        if verb == "accept" {
            try await desk.accept(id, from: partner, because: m.optionalString("because"), by: account)
            return [:]
        }
        let because = try m.string("because")
        switch verb {
        case "destroyed": try await desk.destroyed(id, from: partner, because: because, by: account)
        case "retained": try await desk.retained(id, from: partner, because: because, by: account)
        default: try await desk.misdirected(id, from: partner, because: because, by: account)
        }
        return [:]
    }

    private func closeDuty(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        try await duties
            .close(m.consignment("id"), because: m.string("because"), by: account)
        return [:]
    }

    private func notice(_ verb: String, _ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        let (id, desk) = (try m.consignment("id"), duties)
        switch verb {
        case "notice-contact":
            try await desk.noteContact(id, Occasion(m.string("on")), by: account)
        case "notice-close":
            try await desk.closeNotice(id, ground: m.string("ground"), NoticeEvidence(from: &m), by: account)
        default:
            let until = try m.optionalString("until").map { text throws(Malformed) in try CalendarDate(text) }
            try await desk.deferNotice(
                id, ground: m.string("ground"), until: until, NoticeEvidence(from: &m), by: account)
        }
        return [:]
    }

    private func addPartner(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        guard let card = Data(base64Encoded: try m.string("card")) else { throw Malformed("card", "must be base64") }
        let revoked = wiring.agency.partners.revoked
        let before = Set(wiring.agency.partners.all.map(\.id))
        let partner = try await wiring.opened.partners.add(
            [UInt8](card), pinned: m.digest("fingerprint"), by: account, at: wiring.agency.clock.now())
        if !before.contains(partner.id) {
            try await wiring.opened.places.takeIn(of: partner.id, at: wiring.agency.clock.now())
        }
        wiring.agency.standing.alarm("revoked/\(partner.id)", nil)
        wiring.collector.closeConnections(of: partner.id)
        await wiring.sending.partnerChanged(partner.id)
        guard let revocation = revoked.first(where: { $0.id == partner.id }) else {
            return ["id": .string(partner.id.text)]
        }
        return ["id": .string(partner.id.text), "revoked": .string(revocation.words)]
    }

    /// Connections are cut before anything else is waited for.
    private func revokePartner(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        let revocation = try await wiring.opened.partners.revoke(
            m.agency("id"), because: m.string("because"), by: account, at: wiring.agency.clock.now())
        wiring.collector.closeConnections(of: revocation.id)
        await wiring.sending.revoked(revocation)
        return [:]
    }

    private func removePartner(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        let id = try m.agency("id")
        try await wiring.opened.partners.remove(id, by: account, at: wiring.agency.clock.now())
        wiring.collector.closeConnections(of: id)
        await wiring.sending.partnerChanged(id)
        wiring.agency.clock.skew.forget(partner: id)
        return [:]
    }

    /// `sure: no` only says what it would do.
    private func acceptPlace(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        let (folder, isSure) = (try m.string("folder"), try m.string("sure") == "yes")
        let guarded = wiring.agency.layout.places
        let place = try PlaceWish.place(at: folder, guarded)
        let words = try await wiring.opened.places.preview(place)
        guard isSure else { return ["words": .string(words)] }
        try await wiring.opened.places.accept(place, by: account, at: wiring.agency.clock.now())
        await wiring.placeWatch.look()
        await wiring.arrivals.takeUpAgain()
        return ["words": .string(words)]
    }

    private func testPartner(_ m: inout JSONMembers) async throws -> [String: JSON] {
        let id = try m.agency("id")
        guard let partner = wiring.agency.partners[id] else { throw UnknownPartner(id: id) }
        return try await PartnerTest(wiring: wiring, partner: partner).run()
    }

    private func reload() throws -> [String: JSON] {
        // All or nothing: law that is not sound leaves everything as it is.
        let law = try LawShelf.load(wiring.premises.folders)
        let contacts = try Premises(configuration: wiring.premises.configuration).contacts
        try wiring.content.load(wiring.premises.folders)
        wiring.agency.law.replace(law)
        wiring.agency.rules.contacts.replace(by: contacts)
        return [:]
    }
}

extension NoticeEvidence {
    /// The members that a ground may need, all optional.
    fileprivate init(from m: inout JSONMembers) throws(Malformed) {
        self.init()
        if let text = try m.optionalString("on") { on = try CalendarDate(text) }
        because = try m.optionalString("because")
        channel = try m.optionalString("channel")
        duty = try m.optionalString("duty")
        function = try m.optionalString("function")
        gateway = try m.optionalString("gateway")
        noticeVersion = try m.optionalString("noticeVersion")
        publicNotice = try m.optionalString("publicNotice")
        reference = try m.optionalString("reference")
    }
}

extension ControlServer {
    /// Until a graceful shutdown. Whatever is wrong with the socket, files go on: it is tried again, and told where people
    /// look, for they cannot ask.
    static func keepServing(_ desk: ControlDesk, _ wiring: Wiring) async throws {
        while true {
            do {
                try await serve(desk, wiring)
                return
            } catch {
                let words =
                    "Officers cannot reach the daemon: its control socket \(wiring.premises.settings.controlSocket) cannot be "
                    + "made (\(error)). Files go on. Mend its folder, or set control-socket: /run/waybill/control.sock."
                wiring.agency.standing.alarm("control", words)
                wiring.log.error("\(words)")
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(60)) }
            }
        }
    }

    private static func serve(_ desk: ControlDesk, _ wiring: Wiring) async throws {
        let socket = wiring.premises.settings.controlSocket
        _ = try Folder.make(Premises.split(socket).folder, mode: 0o750)
        try await ControlPath(socket).use { path in
            try await ControlServer(socket: path, log: wiring.log, handler: { await desk.answer($0, $1) })
                .run { wiring.agency.standing.alarm("control", nil) }
        }
    }
}
