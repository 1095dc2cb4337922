package import Transport
package import Vocabulary

/// What everybody asks before they claim, take in, publish or sign: does a restored backup keep us from it?
package protocol RollbackGuard: Sendable {
    /// Nil if something may be sent to this partner now.
    func outward(_ partner: AgencyID) async -> TryLater?
    /// Nil if something of this partner's may be taken now. One who cannot be asked may still come, unless something is to be
    /// fetched from it first.
    func inward(_ partner: AgencyID) async -> Problem?
    /// Nothing is claimed while files of before may still turn out to have been sent.
    func mayClaim(for partner: AgencyID) -> Bool
    /// For whoever asks for something that would be signed; nil if it may be.
    var refusal: OfficerProblem? { get }
    /// Throws `CancellationError`.
    func untilClear() async throws
    /// Why a file from before the restoration waits for a person; nil if it may go. Throws `LedgerTrouble`.
    func sentBefore(_ file: FileTwin) async throws -> Finding?
}

/// By what a file is known again that may have been sent before.
package struct FileTwin: Sendable {
    package let partner: AgencyID
    package let route: RouteName
    package let sha256: Digest
    /// Nanoseconds.
    package let modified: Int64
}
