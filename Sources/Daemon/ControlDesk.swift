internal import Exchange
internal import Folders
internal import FoundationEssentials
internal import Ledger
internal import Logging
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
            return try await perform(JSON(parsing: request), account).encoded
        } catch {
            return JSON.object(["ok": .bool(false), "why": .string("\(error)")]).encoded
        }
    }

    private func perform(_ request: JSON, _ account: String) async throws -> JSON {
        var m = try JSONMembers(request, of: "request")
        let verb = try m.string("verb")
        let result: [String: JSON]
        switch verb {
        case "status": result = ["status": await StatusReport(wiring).json]
        case "release": result = try await release(&m, account)
        case "reject": result = try await reject(&m, account)
        case "partner-add": result = try await addPartner(&m, account)
        case "partner-remove": result = try await removePartner(&m, account)
        case "partner-test": result = try await testPartner(&m)
        case "checkpoint": result = ["checkpoint": .string(try await wiring.office.ledger.checkpoint())]
        case "reload": result = try reload()
        default: throw Malformed("request", "unknown verb")
        }
        try m.end()
        wiring.log.info("control", metadata: ["verb": "\(verb)", "account": "\(account)"])
        return .object(result.merging(["ok": .bool(true)]) { $1 })
    }

    private func release(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        try await wiring.sending.release(m.consignment("id"), because: m.string("because"), by: account)
        return [:]
    }

    private func reject(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        try await wiring.sending.reject(m.consignment("id"), because: m.string("because"), by: account)
        return [:]
    }

    private func addPartner(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        guard let card = Data(base64Encoded: try m.string("card")) else { throw Malformed("card", "must be base64") }
        let partner = try await wiring.partners.add(
            [UInt8](card), pinned: m.digest("fingerprint"), by: account, at: wiring.office.now())
        wiring.collector.closeConnections(of: partner.id)
        await wiring.sending.partnerChanged(partner.id)
        return ["id": .string(partner.id.text)]
    }

    private func removePartner(_ m: inout JSONMembers, _ account: String) async throws -> [String: JSON] {
        let id = try m.agency("id")
        try await wiring.partners.remove(id, by: account, at: wiring.office.now())
        wiring.collector.closeConnections(of: id)
        await wiring.sending.partnerChanged(id)
        return [:]
    }

    private func testPartner(_ m: inout JSONMembers) async throws -> [String: JSON] {
        let id = try m.agency("id")
        guard let partner = wiring.office.partners[id] else { throw UnknownPartner(id: id) }
        return try await PartnerTest(wiring: wiring, partner: partner).run()
    }

    private func reload() throws -> [String: JSON] {
        wiring.office.law.replace(try LawShelf.load(wiring.premises.folders))
        return [:]
    }
}

extension ControlServer {
    static func serve(_ desk: ControlDesk, _ wiring: Wiring) async throws {
        let socket = wiring.premises.settings.controlSocket
        _ = try Folder.make(Premises.split(socket).folder, mode: 0o750)
        try await ControlServer(socket: socket, log: wiring.log, handler: { await desk.answer($0, $1) }).run()
    }
}
