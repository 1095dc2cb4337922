internal import Synchronization
package import Vocabulary

/// Rung when something was exchanged with a partner, so that checkpoints are swapped soon; many rings are one.
package final class SwapBell: Sendable {
    private let partners = Mutex<Set<AgencyID>>([])
    private let bell = Bell()

    package init() {}

    package func ring(_ partner: AgencyID) async {
        let isFirst = partners.withLock { partners in
            defer { partners.insert(partner) }
            return partners.isEmpty
        }
        if isFirst { await bell.ring() }
    }

    /// Who was exchanged with since the last time; empty if only `wake` was called.
    func wait() async -> Set<AgencyID> {
        await bell.wait()
        return partners.withLock { partners in
            defer { partners = [] }
            return partners
        }
    }

    func wake() async { await bell.ring() }
}
