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
        _ = try await Officer(premises).ask(["because": .string(because), "id": .string(id.text), "verb": .string(verb)])
        return id
    }

    /// A whole id needs no look into the ledger, which an officer may not be allowed to read.
    private func id(_ typed: String, _ premises: Premises) async throws -> ConsignmentID {
        if case .whole(let id) = IDText(typed) { return id }
        var filter = LedgerFilter()
        filter.direction = .sent
        let records = try await LedgerDesk(premises).find(typed, filter)
        guard let record = records.first else { throw Answer.no }
        return record.key.id
    }
}
