internal import ArgumentParser
internal import Ledger
internal import Premises
internal import Vocabulary

/// Which consignments a person's decision is for.
enum Wanted {
    case held, sent, received

    var filter: LedgerFilter {
        var filter = LedgerFilter()
        filter.direction = self == .received ? .received : .sent
        return filter
    }

    func fits(_ state: ConsignmentState) -> Bool { self != .held || state == .held || state == .blocked }
}

/// What a person decides about a held file.
struct Decision {
    let because: String
    private static let longest = 2000

    /// Throws `ValidationError` for a reason that says nothing. `-` reads it from standard input: what stands on the
    /// command line is seen by everybody on the machine while the command runs.
    init(_ typed: String) throws {
        var because = typed
        if typed == "-" {
            because = ""
            while let line = readLine(strippingNewline: false), because.utf8.count <= Self.longest { because += line }
        }
        let text = because.trimmed
        guard !text.isEmpty, text.utf8.count <= Self.longest else {
            throw ValidationError(
                "--because takes a reason of 1 to \(Self.longest) bytes, or - to read it from standard input.")
        }
        try Self.requirePlain(text)
        self.because = text
    }

    /// Throws `ValidationError` for a reason that partners or the ledger would refuse.
    static func requirePlain(_ because: String) throws {
        guard let fault = PlainText.fault(in: because, .lines) else { return }
        throw ValidationError(
            "--because \(fault). Take it out and say it again; pasted text may hold it unseen.")
    }

    /// Tells the running daemon, which alone may move the file and send it.
    func tell(
        _ request: (ConsignmentID, String) -> ControlRequest, _ typed: String, _ installation: InstallationOptions,
        of wanted: Wanted = .held
    ) async throws -> (ConsignmentID, [String: JSON]) {
        try await Self.tell({ request($0, because) }, typed, installation, of: wanted)
    }

    /// Without a reason, where none is asked for.
    static func tell(
        _ request: (ConsignmentID) -> ControlRequest, _ typed: String, _ installation: InstallationOptions,
        of wanted: Wanted
    ) async throws -> (ConsignmentID, [String: JSON]) {
        let premises = try installation.premises()
        let id = try await id(typed, premises, wanted)
        return (id, try await Officer(premises).ask(request(id)))
    }

    /// An officer may not be allowed to read the ledger: a whole id goes to the daemon as it is then.
    private static func id(_ typed: String, _ premises: InstalledAgency, _ wanted: Wanted) async throws -> ConsignmentID
    {
        let ledger: LedgerAtHand
        do { ledger = try LedgerAtHand(premises) } catch {
            guard case .whole(let id) = IDText(typed) else { throw error }
            return id
        }
        guard let record = try await ledger.find(typed, wanted.filter).first else { throw Answer.no }
        guard wanted.fits(record.state) else {
            let id = record.key.id
            throw Trouble(
                "\(id) is not held.", why: "It is \(record.state.rawValue).",
                fix: "See: waybill ledger show \(Words.short(id))")
        }
        return record.key.id
    }
}

extension String {
    /// Without white space at either end.
    fileprivate var trimmed: String {
        let tail = reversed().drop { $0.isWhitespace }.reversed()
        return String(tail.drop { $0.isWhitespace })
    }
}
