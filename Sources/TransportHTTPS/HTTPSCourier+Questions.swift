internal import NIOCore
internal import NIOHTTP1
package import Transport
package import Vocabulary

/// Questions about ledgers.
extension HTTPSCourier {
    package func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer {
        var question = Question(.POST, Wire.addCheckpoint, .whole(ByteBuffer(bytes: request)))
        question.mediaType = Wire.note
        let reply = try await ask(question).get()
        guard let answer = reply.witnessAnswer else { throw reply.tryLater }
        return answer
    }

    package func witnessedCheckpoint() async throws(TryLater) -> String? {
        let reply = try await ask(Question(.GET, Wire.witnessed)).get()
        if reply.witnessAnswer == .refused(.unknownOrigin) { return nil }
        guard let note = reply.note else { throw reply.tryLater }
        return note
    }

    package func exchanged(since: Instant, after: ConsignmentID?) async throws(TryLater) -> [UInt8] {
        var question = Question(.GET, Wire.path(ofExchangedSince: since, after: after))
        question.most = QuestionBounds.page
        let reply = try await ask(question).get()
        guard let page = reply.page else { throw reply.tryLater }
        return page
    }
}
