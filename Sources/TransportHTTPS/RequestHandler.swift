internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import Transport
internal import Vocabulary

/// Answers the requests of one connection after another: finds the peer, the route, and asks the handler.
struct RequestHandler<Handler: ArrivalHandler>: Sendable {
    let handler: Handler
    let directory: any PeerDirectory
    let limits: CollectorLimits
    let connections: ConnectionLimits
    let log: Logger

    /// The partner is looked up again for every request, so that one removed a moment ago is refused on a connection
    /// that it still holds.
    @concurrent func answer(_ request: Request, _ writer: consuming ResponseWriter, _ connection: Connection)
        async throws
    {
        var body = ArrivingBody(request.body, of: connection, number: connection.nextRequest())
        guard let leaf = connection.leaf, let peer = directory.peer(presenting: leaf) else {
            let reply = Reply.problem(.init(.notAllowed, "This certificate belongs to no partner; exchange cards."))
            try await writer.write(response: reply.head, body: reply.responseBody)
            return connection.channel.close(promise: nil)
        }
        // Held until the answer has gone out: whoever does not read it holds its own places and nobody else's memory.
        let (route, account) = (Route(request), BudgetAccount(connections.budget, .partner(peer)))
        defer { account.close() }
        let reply = await self.reply(to: route, from: peer, account, body: &body)
        try await writer.write(response: reply.head, body: reply.responseBody)
    }

    private func reply(
        to route: Route, from peer: AgencyID, _ account: BudgetAccount, body: inout ArrivingBody
    ) async -> Reply {
        if let share = route.share, await !enter(share, account) {
            connections.budget.note(.held(share), of: .partner(peer))
            if let unsaid = connections.budget.line("too many requests at a time", of: peer) {
                log.notice("too many requests at a time", metadata: ["peer": "\(peer)", "more": "\(unsaid)"])
            }
            return .problem(.init(.busy, "Too many requests of this kind at a time.", retryAfter: 1))
        }
        return await answer(route, from: peer, body: &body)
    }

    /// Statements wait for their turn, unread; whoever brings a consignment or asks a question comes again.
    private func enter(_ share: Budget.Share, _ account: BudgetAccount) async -> Bool {
        if share == .statements { return await account.wait(for: 1, of: share) }
        return account.take(1, of: share)
    }

    private func answer(_ route: Route, from peer: AgencyID, body: inout ArrivingBody) async -> Reply {
        switch route {
        case .putConsignment(let id, let part):
            await settled(handler.receive(id, from: peer, startingAt: part, body: &body), body: &body)
        case .postBatch: await takeBatch(&body, from: peer)
        case .postStates: await states(&body, for: peer)
        case .getConsignment(let id): Reply(await handler.status(of: id, for: peer))
        case .postStatement: await take(statement: &body, from: peer)
        case .getCard: .cms(await handler.card())
        case .getCheckpoint: await checkpoint()
        case .addCheckpoint: await addCheckpoint(&body, from: peer)
        case .getWitnessed: await witnessed(for: peer)
        case .getExchanged(let since, let after): await exchanged(with: peer, since, after)
        case .malformed(let why): .problem(.init(.malformed, why))
        case .unknown: .problem(.init(.unknownConsignment, "There is nothing under this path."))
        }
    }

    /// A 2xx before the end of the body would make the sender go on to its end, so a receipt known early waits for a
    /// short rest, and otherwise sends the sender to fetch it (RFC 9110 section 15.4.4).
    private func settled(_ answer: ArrivalAnswer, body: inout ArrivingBody) async -> Reply {
        guard case .receipt = answer, !body.isAtEnd else { return Reply(answer) }
        return await body.drain(atMost: 1 << 20) ? Reply(answer) : .seeOther
    }

    private func take(statement body: inout ArrivingBody, from peer: AgencyID) async -> Reply {
        do {
            guard let statement = try await body.collect(atMost: Wire.greatestStatement) else {
                return .problem(.init(.tooLarge, "A statement has at most \(Wire.greatestStatement) bytes."))
            }
            return await handler.take(statement: statement, from: peer).map(Reply.problem) ?? .noContent
        } catch {
            return .problem(.init(.cutShort, error.why))
        }
    }

    private func checkpoint() async -> Reply {
        do {
            return .note(try await handler.checkpoint())
        } catch {
            return .problem(.init(.ours, "No checkpoint can be read at the moment.", retryAfter: 60))
        }
    }
}
