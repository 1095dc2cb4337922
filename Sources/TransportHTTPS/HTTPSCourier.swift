internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization
package import Transport
package import Vocabulary

/// Pushes consignments to one partner over mutual TLS 1.3.
///
/// What is checked of whoever answers, before a request is sent: TLS 1.3; a certificate issued by the partner's pinned
/// identity, valid now, allowed to serve TLS (BoringSSL); and that `PeerDirectory` maps this very certificate to the
/// dialled partner, which brings in the tls role and retirement. Host names play no part.
package final class HTTPSCourier: Courier {
    private let base: String
    private let diallers: Diallers
    let limits: CourierLimits
    let pace: BatchPace

    /// Why no courier can be made.
    package enum Unusable: Error, Hashable, Sendable {
        /// The directory has no identity certificate for this partner.
        case unknownPartner
        /// The address is not host:port.
        case address
    }

    /// - Parameters:
    ///   - address: `host:port` as the partner's card gives it.
    ///   - keys: asked again at each `renew`.
    package init(
        to partner: AgencyID, at address: String, keys: TLSKeys, directory: any PeerDirectory,
        limits: CourierLimits = CourierLimits()
    ) throws(Unusable) {
        guard let der = directory.identity(of: partner),
            let identity = try? NIOSSLCertificate(bytes: der, format: .der)
        else { throw .unknownPartner }
        base = "https://" + address
        guard !address.contains("/"), (try? HTTPClient.Request(url: base)) != nil else { throw .address }
        self.limits = limits
        pace = BatchPace()
        let dialling = Dialling(partner: partner, directory: directory, limits: limits)
        diallers = Diallers(limits) { isUrgent in
            HTTPClient(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: dialling.configuration(
                    MutualTLS.client(keys.present, identity: identity), isUrgent: isUrgent))
        }
    }

    /// The next request dials anew; the former connections go with the last request that uses them.
    package func renew() async { diallers.renew() }

    func put(_ parcel: any Parcel, from part: Int) async throws -> CarryAnswer {
        let began = ContinuousClock.now
        let reply =
            parcel.size <= limits.small
            ? try await carryWhole(parcel, from: part) : try await carryStreaming(parcel, from: part)
        if case .success(let reply) = reply, reply.succeeded, part == 1 {
            pace.carried(Int(clamping: parcel.size), in: .now - began, isAlone: true)
        }
        switch reply {
        case .success(let reply) where reply.saysSeeOther: return Self.carryAnswer(await answer(about: parcel.id))
        case .success(let reply): return reply.carryAnswer
        case .failure(let later): return .tryLater(later)
        }
    }

    /// After 303: the partner holds the receipt already and did not want to hear the rest.
    private static func carryAnswer(_ answer: EnquiryAnswer) -> CarryAnswer {
        switch answer {
        case .receipt(let bytes): .receipt(bytes)
        case .refusal(let bytes): .refusal(bytes)
        case .tryLater(let later): .tryLater(later)
        case .resume, .unknown, .onTheRoad: .tryLater(TryLater(.misunderstood, "The partner contradicts itself."))
        }
    }

    private static func parts(of parcel: any Parcel, from part: Int) -> StrideThrough<Int> {
        stride(from: part, through: parcel.partCount, by: 1)
    }

    private func carryWhole(_ parcel: any Parcel, from part: Int) async throws -> Result<PartnerReply, TryLater> {
        await ask(.put(parcel, from: part, .whole(ByteBuffer(bytes: try await parcel.whole(from: part)))))
    }

    private func carryStreaming(_ parcel: any Parcel, from part: Int) async throws -> Result<PartnerReply, TryLater> {
        let body = OutgoingBody(on: MultiThreadedEventLoopGroup.singleton.any(), window: limits.window)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await Self.feed(parcel, from: part, into: body) }
            let reply = await ask(.put(parcel, from: part, .streaming(body)))
            body.end(with: OutgoingBody.Over())
            group.cancelAll()
            try await group.waitForAll()
            return reply
        }
    }

    /// Produces each message while the one before it is being sent. Throws what the parcel throws, unless the request
    /// was over before that.
    private static func feed(_ parcel: any Parcel, from part: Int, into body: OutgoingBody) async throws {
        do {
            var message = try await parcel.message(0)
            for index in parts(of: parcel, from: part) {
                async let following = parcel.message(index)
                try await body.send(message)
                message = try await following
            }
            try await body.send(message)
            body.end()
        } catch is OutgoingBody.Over {
        } catch {
            if body.end(with: error) { throw error }
        }
    }

    func answer(about id: ConsignmentID) async -> EnquiryAnswer {
        switch await ask(Question(.GET, Wire.path(of: id, from: 1))) {
        case .success(let reply): reply.enquiryAnswer
        case .failure(let later): .tryLater(later)
        }
    }

    package func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? {
        switch await ask(Question(.POST, Wire.statements, .whole(ByteBuffer(bytes: statement)))) {
        case .success(let reply): reply.succeeded ? nil : reply.tryLater
        case .failure(let later): later
        }
    }

    package func fetchCard() async throws(TryLater) -> [UInt8] {
        let reply = try await ask(Question(.GET, Wire.card)).get()
        guard let card = reply.card else { throw reply.tryLater }
        return card
    }

    /// Nothing to tidy: the road keeps nothing.
    package func settled(_ ids: [ConsignmentID]) async {}

    package func shutdown() async { await diallers.shutdown() }

    func ask(_ question: Question) async -> Result<PartnerReply, TryLater> {
        let dialler = diallers.present(isUrgent: Urgency.isUrgent)
        // Whoever renews meanwhile lets go of it: it lasts until this request has its answer.
        defer { withExtendedLifetime(dialler) {} }
        do {
            var request = try HTTPClient.Request(
                url: base + question.path, method: question.method, body: question.body.forClient)
            if case .none = question.body {
            } else {
                request.headers.add(name: "content-type", value: question.mediaType)
            }
            let watch = Urgency.isUrgent ? diallers.watch(toSync: question.toSync) : question.watch
            let streaming = question.body.streaming
            let reader = ReplyReader(request, streaming: streaming, atMost: question.most, watch)
            let loop = streaming.map { HTTPClient.EventLoopPreference.delegate(on: $0.loop) }
            let task = dialler.client.execute(request: request, delegate: reader, eventLoop: loop ?? .indifferent)
            let reply = PartnerReply(try await Self.answer(to: task, watch))
            diallers.answered(dialler)
            pace.heard(reply.acceptsBatches)
            return .success(reply)
        } catch {
            if Task.isCancelled { return .failure(DialFailure.stopped) }
            diallers.failed(dialler, error)
            return .failure(DialFailure.tryLater(error))
        }
    }

    private static func answer(
        to task: HTTPClient.Task<HTTPClient.Response>, _ watch: SilenceWatch?
    ) async throws -> HTTPClient.Response {
        let guardian = watch.map { watch in
            Task { if await watch.outlasted() { task.fail(reason: SilenceWatch.Silent()) } }
        }
        defer { guardian?.cancel() }
        return try await withTaskCancellationHandler {
            try await task.get()
        } onCancel: {
            task.cancel()
        }
    }
}
