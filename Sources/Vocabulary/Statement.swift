/// What an agency signs about one consignment.
package protocol Statement: SignedContent, Sendable {
    var consignment: ConsignmentID { get }
    var parties: Parties { get }
    /// As the signature says as well, to the second.
    var signedAt: Instant { get }
}

extension Waybill: Statement {
    package var consignment: ConsignmentID { id }
}

extension Receipt: Statement {}
extension Refusal: Statement {}
extension Withdrawal: Statement {}
extension LaterStatement: Statement {}
