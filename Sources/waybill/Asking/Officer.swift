internal import Exchange
internal import Folders
internal import Foundation
internal import Ledger
internal import Logging
internal import Premises
internal import Settings
internal import TransportHTTPS
internal import Vocabulary

/// Carries out a wish that changes something: by the running daemon over its control socket, or, while it is down and
/// the wish allows it, here under the installation's lock.
struct Officer {
    let premises: InstalledAgency

    init(_ premises: InstalledAgency) { self.premises = premises }

    /// Only the running daemon can do it.
    func ask(_ request: ControlRequest) async throws -> [String: JSON] {
        try Self.requirePlain(request)
        do {
            return try await overSocket(request)
        } catch ControlClient.Failure.notRunning {
            throw Trouble(
                "The daemon is not running.", why: "Nobody answers on \(premises.settings.controlSocket).",
                fix: "Start it: systemctl start waybilld, or waybilld --config \(premises.configuration)")
        }
    }

    /// The daemon does it, or this process while the daemon is down.
    func ask(
        _ request: ControlRequest, orHere here: (OpenAgency, String, Instant) async throws -> [String: JSON]
    ) async throws -> [String: JSON] {
        try Self.requirePlain(request)
        do {
            return try await overSocket(request)
        } catch ControlClient.Failure.notRunning {
            return try await OpenAgency.offline(premises) { opened in
                if let refusal = opened.agency.rollback.refusal {
                    throw Trouble("It was not done.", why: "\(refusal)", fix: "Start waybilld, then: waybill recover")
                }
                let account = User.name(of: User.effective) ?? "uid-\(User.effective)"
                return try await here(opened, account, WallClock.now())
            }
        }
    }

    /// The daemon would refuse it; said here, it holds for what is done here as well.
    private static func requirePlain(_ request: ControlRequest) throws {
        let bytes = try request.encoded
        do { _ = try JSON(request: bytes) } catch {
            throw Trouble(
                "It was not done.", why: "\(error)",
                fix: "Take that character out and say it again; pasted text may hold it unseen.")
        }
    }

    private func overSocket(_ request: ControlRequest) async throws -> [String: JSON] {
        switch try await answer(request) {
        case .done(let members): return members
        case .refused(let why): throw Trouble("It was not done.", why: why, fix: "See above.")
        }
    }

    private func answer(_ request: ControlRequest) async throws -> ControlAnswer {
        do {
            return try await ControlClient.ask(premises, request)
        } catch {
            guard error == .notAllowed else { throw error }
            throw Trouble(
                "The daemon does not let you.", why: "You may not use \(premises.settings.controlSocket).",
                fix: "Ask to be put into the group of officers, or use an account that is in it.")
        }
    }
}

extension ControlClient {
    /// Asks the daemon of an installation. A socket whose folder is not there is nobody's.
    static func ask(_ premises: InstalledAgency, _ request: ControlRequest) async throws(Failure) -> ControlAnswer {
        let socket: ControlPath
        do { socket = try ControlPath(premises.settings.controlSocket) } catch {
            throw error.reason == .notPermitted ? .notAllowed : .notRunning
        }
        do {
            let bytes = try request.encoded
            return try ControlAnswer(reading: await socket.use { try await ControlClient(socket: $0).ask(bytes) })
        } catch {
            throw (error as? Failure) ?? .misunderstood
        }
    }
}
