internal import Ledger
internal import Vocabulary

// The tree, and what others vouch for.
extension LedgerConformance {
    func proofs(_ ledger: any Ledger) async throws {
        let empty = try SignedNote(parsing: Array(try await ledger.checkpoint().utf8))
        try require(try Checkpoint(body: empty.body).root == rig.crypto.sha256([]), "another root of nothing")
        let deliveries = (0..<3).map(generator.delivery)
        for events in deliveries { try await ledger.append(events) }
        let note = try SignedNote(parsing: Array(try await ledger.checkpoint().utf8))
        let origin = try Checkpoint(body: note.body).origin
        try require(await ledger.origin.description == origin, "another origin")
        let key = try NoteKey(name: origin, publicKey: rig.publicKey, rig.crypto)
        try require(try Checkpoint(verifying: note, by: key, rig.crypto).size == 18, "another size")
        var proved: [Int64] = []
        for events in deliveries {
            for event in try await ledger.events(of: try found(events[0].record?.key, "key")) {
                let proof = try await ledger.proof(of: event.seq)
                try TlogProof(parsing: Array(proof.text.utf8)).verify(leaf: event.leaf.bytes, by: key, rig.crypto)
                proved.append(event.seq)
            }
        }
        try require(proved == Array(0..<18), "proofs of \(proved)")
        try await trouble("a proof in a tree to come") { _ = try await ledger.inclusionProof(of: 0, in: 19) }
        try await trouble("a proof of what is to come") { _ = try await ledger.inclusionProof(of: 18, in: 18) }
        try await trouble("growth into what is to come") { _ = try await ledger.consistencyProof(from: 1, to: 19) }
    }

    func epoch(_ ledger: any Ledger) async throws {
        try await ledger.append(generator.delivery(0))
        let old = await ledger.origin
        let new = try await ledger.beginEpoch(["why": .string("restored")], at: day(1))
        try require(new.agency == old.agency && new.identity == old.identity, "another agency")
        try require(await ledger.origin == new && new.ledger != old.ledger, "the name did not change")
        let events = try await ledger.agencyEvents([.epoch], of: nil)
        try require(events.map(\.seq) == [6] && events[0].leaf.at == day(1), "other events of the change")
        let detail = try EventDetail(parsing: try found(events[0].detail, "detail"))
        guard case .object(let told) = detail.facts else { throw Nonconformance(description: "no facts") }
        let facts = [told["why"], told["before"], told["origin"]]
        try require(
            facts == [.string("restored"), .string(old.description), .string(new.description)], "told \(told)")
        let head = try Checkpoint(body: try SignedNote(kept: Array(try await ledger.checkpoint().utf8)).body)
        try require(head.origin == new.description && head.size == 7, "a checkpoint of \(head.origin), \(head.size)")
        let partner = try AgencyID("harbour")
        try require(try await ledger.agencyEvents([.epoch], of: partner).isEmpty, "a partner's event")
    }

    func witnessedHeads(_ ledger: any Ledger) async throws {
        let partner = try AgencyID("harbour")
        func head(_ size: Int64, _ note: String, of origin: String = "harbour/one") -> WitnessedHead {
            let head = Checkpoint(origin: origin, size: size, root: generator.digest(Int(size)))
            return WitnessedHead(partner: partner, checkpoint: head, note: note, at: day(size))
        }
        try require(try await ledger.keep(head(3, "first"), after: 0), "the first was not kept")
        try require(try await ledger.keep(head(5, "second"), after: 3), "the second was not kept")
        try require(try await !ledger.keep(head(6, "late"), after: 3), "the late one was told that it came first")
        try require(try await ledger.witnessed() == [head(5, "second")], "another one is held")
        try require(try await ledger.keep(head(1, "other", of: "harbour/two"), after: 0), "ledgers are mixed")
        let held = try await ledger.witnessed()
        try require(held == [head(1, "other", of: "harbour/two"), head(5, "second")], "held \(held)")
    }

    func countersigned(_ ledger: any Ledger) async throws {
        let (one, two) = (try AgencyID("harbour"), try AgencyID("tees-nhs"))
        func checkpoint(_ size: Int64, by partner: AgencyID, _ note: String = "note") -> Countersigned {
            Countersigned(partner: partner, size: size, at: start.adding(seconds: size), note: note)
        }
        let kept = [checkpoint(2, by: one), checkpoint(2, by: two), checkpoint(4, by: one), checkpoint(7, by: two)]
        for checkpoint in kept.reversed() { try await ledger.keep(checkpoint) }
        try await ledger.keep(checkpoint(4, by: one, "again"))
        func found(_ size: Int64, by partner: AgencyID? = nil, limit: Int = 9) async throws -> [Countersigned] {
            try await ledger.countersigned(covering: size, by: partner, limit: limit)
        }
        try require(try await found(0) == kept, "not all, or in another order")
        try require(try await found(3) == Array(kept[2...]), "others cover 3")
        try require(try await found(0, limit: 3) == Array(kept[..<3]), "another limit")
        try require(try await found(3, by: one) == [kept[2]], "another partner's")
        try require(try await found(8).isEmpty, "one that covers what is to come")
        try require(try await ledger.newestCountersigned() == [kept[2], kept[3]], "others are the newest")
    }

    func timeTokens(_ ledger: any Ledger) async throws {
        func token(_ size: Int64, _ note: String = "note") -> TimeToken {
            TimeToken(size: size, at: start.adding(seconds: size), note: note, token: [UInt8(size), 0])
        }
        try require(try await ledger.newestTimeToken() == nil, "a token from nowhere")
        for size in [5, 2, 9] as [Int64] { try await ledger.keep(token(size)) }
        try await ledger.keep(token(9, "again"))
        let tokens = try await ledger.timeTokens(covering: 3, limit: 9)
        try require(tokens == [token(5), token(9)], "found \(tokens)")
        try require(try await ledger.timeTokens(covering: 0, limit: 1) == [token(2)], "not the smallest first")
        try require(try await ledger.newestTimeToken() == token(9), "another is the newest")
    }
}
