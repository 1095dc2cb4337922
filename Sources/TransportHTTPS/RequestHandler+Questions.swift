internal import Logging
internal import Transport
internal import Vocabulary

/// Questions about ledgers. Each may cost us a proof or a page of statements, so that a partner has few at a time.
extension RequestHandler {
    func addCheckpoint(_ body: inout ArrivingBody, from peer: AgencyID) async -> Reply {
        do {
            guard let request = try await body.collect(atMost: QuestionBounds.request) else {
                return .problem(.init(.tooLarge, "A request has at most \(QuestionBounds.request) bytes."))
            }
            guard let answer = await handler.addCheckpoint(request, from: peer) else {
                return .problem(.init(.busy, "No checkpoint is countersigned at the moment.", retryAfter: 60))
            }
            return Reply(answer)
        } catch {
            return .problem(.init(.cutShort, error.why))
        }
    }

    func witnessed(for peer: AgencyID) async -> Reply {
        await handler.witnessedCheckpoint(for: peer).map(Reply.note) ?? Reply(WitnessAnswer.refused(.unknownOrigin))
    }

    func exchanged(with peer: AgencyID, _ since: Instant, _ after: ConsignmentID?) async -> Reply {
        do {
            let page = try await handler.exchanged(with: peer, since: since, after: after)
            if page.count <= QuestionBounds.page { return .cms(page) }
            log.error("a page of what was exchanged is too large", metadata: ["peer": "\(peer)"])
        } catch let problem as Problem {
            return .problem(problem)
        } catch {
            log.error("what was exchanged cannot be read", metadata: ["peer": "\(peer)", "why": "\(error)"])
        }
        return .problem(.init(.ours, "What was exchanged cannot be told at the moment.", retryAfter: 60))
    }
}
