internal import Daemon
internal import Exchange
internal import Folders
internal import Foundation
internal import Ledger
internal import Logging
internal import Settings
internal import TransportHTTPS
internal import Vocabulary

/// Carries out a wish that changes something: by the running daemon over its control socket, or, while it is down and
/// the wish allows it, here under the installation's lock.
struct Officer {
    let premises: Premises

    init(_ premises: Premises) { self.premises = premises }

    struct Answered: Sendable {
        let members: [String: JSON]

        func string(_ name: String) -> String {
            if case .string(let text)? = members[name] { text } else { "" }
        }
    }

    /// Only the running daemon can do it.
    func ask(_ request: [String: JSON]) async throws -> Answered {
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
        _ request: [String: JSON], orHere here: (OpenAgency, String, Instant) async throws -> [String: JSON]
    ) async throws -> Answered {
        try Self.requirePlain(request)
        do {
            return try await overSocket(request)
        } catch ControlClient.Failure.notRunning {
            return try await OpenAgency.offline(premises) { opened in
                if let refusal = opened.agency.rollback.refusal {
                    throw Trouble("It was not done.", why: "\(refusal)", fix: "Start waybilld, then: waybill recover")
                }
                let account = User.name(of: User.effective) ?? "uid-\(User.effective)"
                return Answered(members: try await here(opened, account, WallClock.now()))
            }
        }
    }

    /// The daemon would refuse it; said here, it holds for what is done here as well.
    private static func requirePlain(_ request: [String: JSON]) throws {
        do { _ = try JSON(request: JSON.object(request).encoded) } catch {
            throw Trouble(
                "It was not done.", why: "\(error)",
                fix: "Take that character out and say it again; pasted text may hold it unseen.")
        }
    }

    private func overSocket(_ request: [String: JSON]) async throws -> Answered {
        let bytes: [UInt8]
        do {
            bytes = try await ControlClient.ask(premises, JSON.object(request))
        } catch {
            guard error == .notAllowed else { throw error }
            throw Trouble(
                "The daemon does not let you.", why: "You may not use \(premises.settings.controlSocket).",
                fix: "Ask to be put into the group of officers, or use an account that is in it.")
        }
        guard case .object(let members) = try JSON(kept: bytes) else { throw ControlClient.Failure.misunderstood }
        guard members["ok"] == .bool(true) else {
            throw Trouble("It was not done.", why: Answered(members: members).string("why"), fix: "See above.")
        }
        return Answered(members: members)
    }
}

extension ControlClient {
    /// Asks the daemon of an installation. A socket whose folder is not there is nobody's.
    static func ask(_ premises: Premises, _ request: JSON) async throws(Failure) -> [UInt8] {
        let socket: ControlPath
        do { socket = try ControlPath(premises.settings.controlSocket) } catch {
            throw error.reason == .notPermitted ? .notAllowed : .notRunning
        }
        do {
            return try await socket.use { try await ControlClient(socket: $0).ask(request.encoded) }
        } catch {
            throw (error as? Failure) ?? .misunderstood
        }
    }
}
