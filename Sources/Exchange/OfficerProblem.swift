package import Vocabulary

/// Why an officer's wish cannot be met, with what to do.
package enum OfficerProblem: Error, Sendable, CustomStringConvertible {
    case unknown(ConsignmentID)
    case notHeld(ConsignmentID, String)
    case fileMissing(ConsignmentID)
    case changed(ConsignmentID)
    case sameNameUnderWay(ConsignmentID)
    case stillBlocked(ConsignmentID)
    case neverGoes(ConsignmentID, [Finding])
    case needsLabel(ConsignmentID, [Finding])
    case noPartner(AgencyID)
    case signedBefore(ConsignmentID)
    case notYours(ConsignmentID, String)
    case nothingAsked(ConsignmentID)
    case anotherFileThere(ConsignmentID)
    case severalPartners(ConsignmentID, [AgencyID])
    case refused(String)
    case trouble(String)

    package var description: String {
        switch self {
        case .unknown(let id): "No consignment \(id) is known here. List them: waybill held list"
        case .notHeld(let id, let state):
            "Consignment \(id) is not held: it is \(state). See: waybill ledger show \(id)"
        case .fileMissing(let id): "The held file of \(id) is no longer in held/. Put it back, or drop it anew."
        case .changed(let id): "The file of \(id) was changed while it was held. Drop the new version into the outbox."
        case .sameNameUnderWay(let id):
            "Another file of the same name is on its way on that route. Release \(id) once that one has arrived."
        case .stillBlocked(let id): "Consignment \(id) is blocked: nobody can release it. See: waybill held show \(id)"
        case .neverGoes(let id, let findings):
            "Consignment \(id) is never sent there, whoever releases it. "
                + findings.map { "\($0.found) \($0.fix)" }.joined(separator: " ")
        case .needsLabel(let id, let findings):
            "A reason alone does not help \(id): " + findings.map { "\($0.found) \($0.fix)" }.joined(separator: " ")
        case .signedBefore(let id):
            "Consignment \(id) was signed before and taken off its way: its id is never signed again. Drop the file anew."
        case .noPartner(let id): "\(id) is no longer a partner. Add their card first."
        case .notYours(let id, let state):
            "Consignment \(id) cannot be recalled: it is \(state). See: waybill ledger show \(id)"
        case .nothingAsked(let id):
            "Nobody has asked for consignment \(id) back, or it has been answered. See: waybill duties"
        case .anotherFileThere(let id):
            "Another file has the name of \(id) in the inbox now, so nothing was removed. Destroy your copies, move that "
                + "file away, and say so again."
        case .severalPartners(let id, let partners):
            "Consignments of the id \(id) came from \(partners.map(\.text).joined(separator: " and ")). Say which with "
                + "--partner."
        case .refused(let why): why
        case .trouble(let why): "It could not be done: \(why). Nothing was changed that a restart does not finish."
        }
    }
}
