internal import Ledger
internal import Vocabulary

/// Why what was signed cannot go. The event names it, and what becomes of the file follows from that, never from a sentence.
enum Withdrawing: String {
    case changed
    /// It was signed while our clock was ahead: the file goes under a new id.
    case clock

    /// The member of the event.
    static let member = "cause"

    /// For the partner and for people.
    var because: String {
        switch self {
        case .changed: "The file changed while it was being sent."
        case .clock: "It was signed while our clock was ahead of the time."
        }
    }

    /// Why a consignment was withdrawn, as its event says; nil if that does not name a cause that we know.
    static func cause(of key: ConsignmentKey, in ledger: any Ledger) async throws -> Withdrawing? {
        guard let event = try await ledger.events(of: key).last(where: { $0.leaf.kind == .withdrawn }),
            let detail = event.detail, case .object(let facts) = try EventDetail(parsing: detail).facts,
            case .string(let word)? = facts[member]
        else { return nil }
        return Withdrawing(rawValue: word)
    }
}
