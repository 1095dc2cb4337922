internal import NIOCore
internal import NIOHTTP1
package import Transport
package import Vocabulary

/// Questions about ledgers.
extension HTTPSCourier {
    package func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer {
        let body = CourierBody.whole(ByteBuffer(bytes: request))
        let reply = try await ask(.POST, Wire.addCheckpoint, body: body, Wire.note).get()
        guard let answer = reply.witnessAnswer else { throw reply.tryLater }
        return answer
    }

    package func witnessedCheckpoint() async throws(TryLater) -> String? {
        let reply = try await ask(.GET, Wire.witnessed).get()
        if reply.witnessAnswer == .refused(.unknownOrigin) { return nil }
        guard let note = reply.note else { throw reply.tryLater }
        return note
    }

    package func exchanged(since: Instant, after: ConsignmentID?) async throws(TryLater) -> [UInt8] {
        let path = Wire.path(ofExchangedSince: since, after: after)
        let reply = try await ask(.GET, path, atMost: QuestionBounds.page).get()
        guard let page = reply.page else { throw reply.tryLater }
        return page
    }
}
