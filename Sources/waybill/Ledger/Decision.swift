internal import ArgumentParser
internal import Daemon
internal import Ledger
internal import Vocabulary

/// What a person decides about a held file.
struct Decision {
    private let because: String
    private static let longest = 2000

    /// Throws `ValidationError` for a reason that says nothing.
    init(_ because: String) throws {
        let text = because.drop { $0.isWhitespace }
        guard !text.isEmpty, text.utf8.count <= Self.longest else {
            throw ValidationError("--because takes a reason of 1 to \(Self.longest) bytes.")
        }
        self.because = String(text)
    }

    /// Tells the running daemon, which alone may move the file and send it.
    func tell(_ verb: String, _ typed: String, _ installation: InstallationOptions) async throws -> ConsignmentID {
        let premises = try installation.premises()
        let id = try await id(typed, premises)
        _ = try await Officer(premises).ask([
            "because": .string(because), "id": .string(id.text), "verb": .string(verb),
        ])
        return id
    }

    /// An officer may not be allowed to read the ledger: a whole id goes to the daemon as it is then.
    private func id(_ typed: String, _ premises: Premises) async throws -> ConsignmentID {
        var filter = LedgerFilter()
        filter.direction = .sent
        let desk: LedgerDesk
        do { desk = try LedgerDesk(premises) } catch {
            guard case .whole(let id) = IDText(typed) else { throw error }
            return id
        }
        guard let record = try await desk.find(typed, filter).first else { throw Answer.no }
        guard record.state == .held || record.state == .blocked else {
            let id = record.key.id
            throw Trouble(
                "\(id) is not held.", why: "It is \(record.state.rawValue).",
                fix: "See: waybill ledger show \(Words.short(id))")
        }
        return record.key.id
    }
}
