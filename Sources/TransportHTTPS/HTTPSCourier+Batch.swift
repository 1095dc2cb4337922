internal import NIOCore
internal import NIOHTTP1
package import Transport
package import Vocabulary

// Many consignments in one request. Whoever does not say that it takes them is spoken to file by file.

extension HTTPSCourier {
    /// Three beside each other: one is sealed, one on its way, one in our ledger.
    package var batch: BatchBounds {
        BatchBounds(count: pace.accepts ? Frames.most : 1, bytes: Int64(pace.allowance), abreast: 3)
    }

    /// Those of one part in one request, every other in one of its own. After trouble with the partner nothing more is tried.
    package func carry(_ batch: [Outgoing]) async -> [CarryEnd] {
        var ends: [CarryEnd?] = batch.map { _ in nil }
        let together = batch.indices.filter { batch[$0].isOfOnePart }
        if together.count > 1, pace.accepts {
            let posted = await post(together.map { batch[$0].parcel })
            for (at, end) in zip(together, posted) { ends[at] = end }
        }
        var trouble = ends.compactMap(\.?.trouble).first
        for at in batch.indices where ends[at] == nil {
            let (parcel, from) = (batch[at].parcel, batch[at].from)
            let end: CarryEnd
            if let trouble {
                end = .answered(.tryLater(trouble))
            } else {
                end = await CarryEnd { try await put(parcel, from: from) }
            }
            trouble = trouble ?? end.trouble
            ends[at] = end
        }
        return ends.map { $0 ?? .answered(.tryLater(.unanswered)) }
    }

    /// Nil: it went with none of them, and goes by itself.
    private func post(_ parcels: [any Parcel]) async -> [CarryEnd?] {
        let sealed = await seal(parcels)
        var (body, ids): (ByteBuffer, [ConsignmentID]) = (ByteBuffer(), [])
        var bytes = 0
        for (parcel, end) in zip(parcels, sealed) {
            guard case .success(let messages) = end, bytes + messages.count <= Frames.bytes else { continue }
            bytes += messages.count
            ids.append(parcel.id)
            body.writeBytes(Frames.head(of: parcel.id, messages: Frames.messages))
            body.writeBytes(messages)
        }
        let (answers, trouble) = ids.isEmpty ? ([:], nil) : await ask(ids.count, bytes, body)
        let went = Set(ids)
        return zip(parcels, sealed).map { parcel, end in
            if case .failure(let error) = end { return .broke(error) }
            guard went.contains(parcel.id), let answers else { return nil }
            let answer = answers[parcel.id]
            // What is long is asked for by itself.
            if answer?.isTooLong == true { return nil }
            return .answered(answer?.carryAnswer ?? .tryLater(trouble ?? .unanswered))
        }
    }

    /// - Returns: what was answered; nil if the partner takes no batches. And what went wrong with the whole request.
    private func ask(
        _ count: Int, _ bytes: Int, _ body: ByteBuffer
    ) async -> ([ConsignmentID: FramedAnswer]?, TryLater?) {
        var question = Question(.POST, Wire.batch, .whole(body))
        (question.mediaType, question.most) = (Wire.frames, count * Frames.answer)
        question.toSync = Int64(bytes)
        question.watch = SilenceWatch(most: limits.write, afterwards: limits.answer)
        let began = ContinuousClock.now
        switch await ask(question) {
        case .success(let reply):
            if let answers = reply.frames {
                pace.carried(bytes, in: .now - began)
                return (answers, nil)
            }
            if reply.knowsNoBatches {
                pace.refused()
                return (nil, nil)
            }
            return ([:], reply.tryLater)
        case .failure(let later):
            pace.broke()
            return ([:], later)
        }
    }

    /// In their order: whoever brings many has mostly sealed them by now.
    private func seal(_ parcels: [any Parcel]) async -> [Result<ArraySlice<UInt8>, any Error>] {
        var sealed: [Result<ArraySlice<UInt8>, any Error>] = []
        for parcel in parcels {
            do { sealed.append(.success(try await parcel.whole(from: 1))) } catch { sealed.append(.failure(error)) }
        }
        return sealed
    }

    package func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] {
        var answers: [EnquiryAnswer] = []
        var waiting = ids[...]
        while let first = waiting.first {
            let group = Array(waiting.prefix(pace.accepts ? Frames.most : 1))
            waiting = waiting.dropFirst(group.count)
            if group.count > 1, let told = await states(of: group) {
                answers += told
            } else if group.count > 1 {
                waiting = group[...] + waiting
            } else {
                answers.append(await answer(about: first))
            }
        }
        return answers
    }

    private func told(_ answers: [ConsignmentID: FramedAnswer], _ ids: [ConsignmentID]) async -> [EnquiryAnswer] {
        var all: [EnquiryAnswer] = []
        for id in ids {
            let known = answers[id]
            all.append(
                known?.isTooLong == true ? await answer(about: id) : known?.enquiryAnswer ?? .tryLater(.unanswered))
        }
        return all
    }

    /// Nil if the partner takes no such question.
    private func states(of ids: [ConsignmentID]) async -> [EnquiryAnswer]? {
        var question = Question(.POST, Wire.states, .whole(ByteBuffer(bytes: Frames.asking(ids))))
        (question.mediaType, question.most) = (Wire.frames, ids.count * Frames.answer)
        switch await ask(question) {
        case .success(let reply):
            if let answers = reply.frames { return await told(answers, ids) }
            if reply.knowsNoBatches {
                pace.refused()
                return nil
            }
            return ids.map { _ in .tryLater(reply.tryLater) }
        case .failure(let later): return ids.map { _ in .tryLater(later) }
        }
    }
}

extension CarryEnd {
    /// Why others should not be tried now.
    fileprivate var trouble: TryLater? {
        guard case .answered(.tryLater(let why)) = self, [.unreachable, .timedOut, .notTrusted].contains(why.reason)
        else { return nil }
        return why
    }
}

extension FramedAnswer {
    fileprivate var isTooLong: Bool { kind == .problem && ProblemDetails.kind(in: body) == .tooLarge }

    fileprivate var carryAnswer: CarryAnswer {
        switch kind {
        case .receipt: .receipt(body)
        case .refusal: .refusal(body)
        case .problem, .next, .unknown: .tryLater(PartnerReply(problem: body).tryLater)
        }
    }

    fileprivate var enquiryAnswer: EnquiryAnswer {
        switch kind {
        case .receipt: .receipt(body)
        case .refusal: .refusal(body)
        case .next: PartnerReply.next(in: body).map(EnquiryAnswer.resume) ?? .tryLater(.unanswered)
        case .unknown: .unknown
        case .problem: .tryLater(PartnerReply(problem: body).tryLater)
        }
    }
}
