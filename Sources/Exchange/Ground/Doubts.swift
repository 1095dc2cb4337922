internal import Ledger
internal import Synchronization
internal import Vocabulary

/// Files about to be published of which it is not sure that they were: the sync of the inbox failed, or the disk that they
/// lay on was exchanged. A missing staged file proves nothing for them.
///
/// Remembered in the ledger, across restarts, until they are published under a new intent.
package final class Doubts: Sendable {
    enum Doubt: Hashable, Sendable {
        /// This life saw the rename succeed, in a place that nobody has taken away since: if it is gone, it was collected.
        case seenThere(generation: Int)
        /// Nobody knows.
        case open
    }

    private let state = Mutex<[ConsignmentKey: Doubt]>([:])
    private static let prefix = "doubt/"

    package init() {}

    subscript(_ key: ConsignmentKey) -> Doubt? { state.withLock { $0[key] } }

    func load(from ledger: any Ledger) async throws {
        for text in try await ledger.remembered(named: Self.prefix).values {
            let words = text.split(separator: " ").map(String.init)
            guard words.count == 2 else { continue }
            let key = ConsignmentKey(.received, try AgencyID(words[0]), try ConsignmentID(words[1]))
            state.withLock { if $0[key] == nil { $0[key] = .open } }
        }
    }

    func raise(_ doubt: Doubt, of key: ConsignmentKey, in ledger: any Ledger) async throws {
        // First here: if the ledger cannot take it, this life at least knows.
        state.withLock { $0[key] = doubt }
        try await ledger.remember(Self.prefix + key.id.text + "/" + key.partner.text, "\(key.partner) \(key.id)")
    }

    func settle(_ key: ConsignmentKey, in ledger: any Ledger) async throws {
        guard self[key] != nil else { return }
        try await ledger.remember(Self.prefix + key.id.text + "/" + key.partner.text, nil)
        state.withLock { $0[key] = nil }
    }
}
