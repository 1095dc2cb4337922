package import Transport
package import Vocabulary

/// A handler that takes one consignment of a batch after the other.
package protocol SerialHandler: ArrivalHandler {
    func receive(_ next: Arriving, from peer: AgencyID, body: inout some ArrivingBytes) async -> ArrivalAnswer
    func status(of id: ConsignmentID, for peer: AgencyID) async -> ArrivalStatus
}

extension SerialHandler {
    package func receive(_ batch: inout some ArrivingBatch, from peer: AgencyID) async -> [ArrivalAnswer] {
        var answers: [ArrivalAnswer] = []
        while let next = try? await batch.advance() {
            answers.append(await receive(next, from: peer, body: &batch))
        }
        return answers
    }

    package func status(of ids: [ConsignmentID], for peer: AgencyID) async -> [ArrivalStatus] {
        var all: [ArrivalStatus] = []
        for id in ids { all.append(await status(of: id, for: peer)) }
        return all
    }
}
