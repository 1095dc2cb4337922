package import Envelope
internal import Exchange
package import Ledger

/// Whether a time token that our ledger keeps is what it says.
package struct TimeJudge: Sendable {
    private let trusted: TimeAuthorities

    package init(_ trusted: TimeAuthorities) { self.trusted = trusted }

    /// What is wrong with it; nil: it is sound. Whether the checkpoint is this ledger's is the ledger's own check.
    package func trouble(_ token: TimeToken) -> String? {
        do {
            let note = try SignedNote(kept: Array(token.note.utf8))
            guard try Checkpoint(body: note.body).size == token.size else {
                return "the time token over \(token.size) entries lies beside another checkpoint"
            }
            let verified = try trusted.verify(token.token, over: Array(note.body.utf8))
            guard verified.time == token.at else {
                return "the time token over \(token.size) entries says \(verified.time), not \(token.at)"
            }
            return nil
        } catch {
            return "the time token over \(token.size) entries does not verify: \(error)"
        }
    }
}
