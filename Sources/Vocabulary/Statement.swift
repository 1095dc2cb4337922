/// What an agency signs about one consignment.
package protocol Statement: SignedContent, Sendable {
    var parties: Parties { get }
    /// As the signature says as well, to the second.
    var signedAt: Instant { get }
}

extension Waybill: Statement {}
extension Receipt: Statement {}
extension Refusal: Statement {}
extension Withdrawal: Statement {}
extension LaterStatement: Statement {}
