internal import Exchange
internal import Folders
internal import FoundationEssentials
internal import Law
internal import Ledger
internal import Logging
internal import Premises
internal import ServiceLifecycle
internal import Settings
internal import Statements
package import TransportHTTPS
internal import Vocabulary
internal import Witness

/// Does what officers ask of the running daemon: the caller known by the kernel and named in the ledger.
package struct ControlHandler: Sendable {
    private let wiring: Wiring

    init(_ wiring: Wiring) { self.wiring = wiring }

    package func answer(_ caller: ControlCaller, _ request: [UInt8]) async -> [UInt8] {
        let account = User.name(of: caller.uid) ?? "uid-\(caller.uid)"
        return await ControlAnswer(to: request) { request in
            if !request.worksStandingStill, let refusal = wiring.agency.rollback.refusal { throw refusal }
            let members = try await perform(request, account)
            wiring.log.info("control", metadata: ["verb": "\(request.verb)", "account": "\(account)"])
            return members
        }.json.encoded
    }

    private func perform(_ request: ControlRequest, _ account: String) async throws -> [String: JSON] {
        let (agency, sending, keys) = (wiring.agency, wiring.sending, wiring.keys)
        let (duties, now) = (DutyActs(agency: agency, collections: wiring.opened.collections), agency.clock.now())
        switch request {
        case .status: return ["status": await StatusReport(wiring).json]
        case .reload: try reload()
        case .checkpoint: return ["checkpoint": .string(try await agency.ledger.checkpoint())]
        case .release(let id, let because): try await sending.release(id, because: because, by: account)
        case .reject(let id, let because, let test):
            try await sending.reject(id, because: because, test: test, by: account)
        case .recall(let id, let because):
            return ["asked": .bool(try await sending.recall(id, because: because, by: account) == .asked)]
        case .accept(let id, let partner, let because):
            try await duties.accept(id, from: partner, because: because, by: account)
        case .destroyed(let id, let partner, let because):
            try await duties.destroyed(id, from: partner, because: because, by: account)
        case .retained(let id, let partner, let because):
            try await duties.retained(id, from: partner, because: because, by: account)
        case .misdirected(let id, let partner, let because):
            try await duties.misdirected(id, from: partner, because: because, by: account)
        case .closeDuty(let id, let because): try await duties.close(id, because: because, by: account)
        case .closeNotice(let id, let ground, let evidence):
            try await duties.closeNotice(id, ground: ground, evidence, by: account)
        case .deferNotice(let id, let ground, let until, let evidence):
            try await duties.deferNotice(id, ground: ground, until: until, evidence, by: account)
        case .noticeContact(let id, let on): try await duties.noteContact(id, on, by: account)
        case .addPartner(let card, let fingerprint): return try await addPartner([UInt8](card), fingerprint, account)
        case .removePartner(let id): try await removePartner(id, account)
        case .revokePartner(let id, let because): try await revokePartner(id, because, account)
        case .testPartner(let id):
            guard let partner = agency.partners[id] else { throw UnknownPartner(id: id) }
            return try await PartnerTest(wiring: wiring, partner: partner).run()
        case .witnessSeen(let partner, let because):
            try await WitnessIncidents(agency: agency).seen(partner, because: because, by: account)
        case .recover(let because, let evenSo):
            return try await wiring.recovery.recover(because: because, by: account, evenSo: evenSo).json
        case .prepareKey(let role): return try await keys.prepared(role, at: now)
        case .installCard(let card, let urgent):
            let card = try await keys.install([UInt8](card), isUrgent: urgent, by: account, at: now)
            return ["serial": .integer(card.serial)]
        case .acceptPlace(let folder, let sure): return try await acceptPlace(folder, isSure: sure, account)
        case .erase(let consignments, let wish):
            return try await wiring.opened.eraser.carryOut(consignments, wish, by: account, at: now).members
        case .finishErasing: return try await wiring.opened.eraser.progress().members
        }
        return [:]
    }

    private func addPartner(
        _ card: [UInt8], _ fingerprint: Fingerprint, _ account: String
    ) async throws -> [String: JSON] {
        let revoked = wiring.agency.partners.revoked
        let before = Set(wiring.agency.partners.all.map(\.id))
        let partner = try await wiring.opened.partners.add(
            card, pinned: fingerprint, by: account, at: wiring.agency.clock.now())
        forgetAlarms(of: partner.id)
        wiring.collector.closeConnections(of: partner.id)
        await wiring.sending.partnerChanged(partner.id)
        if !before.contains(partner.id) {
            try await wiring.opened.places.takeIn(of: partner.id, at: wiring.agency.clock.now())
        }
        guard let revocation = revoked.first(where: { $0.id == partner.id }) else {
            return ["id": .string(partner.id.text)]
        }
        return ["id": .string(partner.id.text), "revoked": .string(revocation.words)]
    }

    /// Connections are cut before anything else is waited for.
    private func revokePartner(_ id: AgencyID, _ because: String, _ account: String) async throws {
        let revocation = try await wiring.opened.partners.revoke(
            id, because: because, by: account, at: wiring.agency.clock.now())
        wiring.collector.closeConnections(of: revocation.id)
        await wiring.sending.revoked(revocation)
    }

    private func removePartner(_ id: AgencyID, _ account: String) async throws {
        try await wiring.opened.partners.remove(id, by: account, at: wiring.agency.clock.now())
        wiring.collector.closeConnections(of: id)
        await wiring.sending.partnerChanged(id)
        wiring.agency.clock.skew.forget(partner: id)
        forgetAlarms(of: id)
    }

    /// What was said of its card, or of its revocation, is over.
    private func forgetAlarms(of partner: AgencyID) {
        for kind in ["revoked", "card"] { wiring.agency.alarms.alarm("\(kind)/\(partner)", nil) }
    }

    private func acceptPlace(_ folder: String, isSure: Bool, _ account: String) async throws -> [String: JSON] {
        let place = try PlaceWish.place(at: folder, wiring.agency.layout.places)
        let words = try await wiring.opened.places.preview(place)
        guard isSure else { return ["words": .string(words)] }
        try await wiring.opened.places.accept(place, by: account, at: wiring.agency.clock.now())
        await wiring.placeWatch.look()
        await wiring.arrivals.takeUpAgain()
        return ["words": .string(words)]
    }

    private func reload() throws {
        // All or nothing: law that is not sound leaves everything as it is.
        let law = try LawFiles.load(wiring.premises.folders)
        let contacts = try InstalledAgency(configuration: wiring.premises.configuration).contacts
        try wiring.content.load(wiring.premises.folders)
        wiring.agency.law.replace(law)
        wiring.agency.rules.contacts.replace(by: contacts)
    }
}

extension ControlServer {
    /// Until a graceful shutdown. Whatever is wrong with the socket, files go on: it is tried again, and told where people
    /// look, for they cannot ask.
    static func keepServing(_ handler: ControlHandler, _ wiring: Wiring) async throws {
        while true {
            do {
                try await serve(handler, wiring)
                return
            } catch {
                let words =
                    "Officers cannot reach the daemon: its control socket \(wiring.premises.settings.controlSocket) cannot be "
                    + "made (\(error)). Files go on. Mend its folder, or set control-socket: /run/waybill/control.sock."
                wiring.agency.alarms.alarm("control", words)
                wiring.log.error("\(words)")
                try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(60)) }
            }
        }
    }

    private static func serve(_ handler: ControlHandler, _ wiring: Wiring) async throws {
        let socket = wiring.premises.settings.controlSocket
        _ = try Folder.make(InstalledAgency.split(socket).folder, mode: 0o750)
        try await ControlPath(socket).use { path in
            try await ControlServer(socket: path, log: wiring.log, handler: { await handler.answer($0, $1) })
                .run { wiring.agency.alarms.alarm("control", nil) }
        }
    }
}
