import AsyncHTTPClient
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Transport
@testable import TransportHTTPS
import Vocabulary

extension Door {
    /// Frames of many consignments, answers about many, ids that are asked about.
    static let frames = Door("frames", longest: 2048, share: 40) { bytes in
        if let ids = Frames.ids(in: bytes) {
            return try promise(Frames.asking(ids) == bytes && ids.count <= Frames.most, "ids have one spelling")
        }
        let answers = Frames.answers(in: bytes)
        let again = answers.flatMap { Frames.answer($0.answer, about: $0.id) }
        try promise(bytes.starts(with: again), "an answer has one spelling")
        try promise(answers.allSatisfy { $0.answer.body.count <= Frames.body }, "an answer is short")
        guard try answers.count + consignments(in: bytes) > 0 else { throw Refused() }
    }

    /// How many begin, whatever their messages hold.
    private static func consignments(in bytes: [UInt8]) throws -> Int {
        var (rest, begun) = (bytes[...], 0)
        while let (frame, count) = try? FrameHead.read(rest) {
            let head = Frames.head(of: frame.0, messages: frame.messages)
            try promise(rest.starts(with: head), "a frame has one spelling")
            (rest, begun) = (rest.dropFirst(count), begun + 1)
            var meter = MessageMeter(messages: frame.messages)
            while !meter.isAtEnd, !rest.isEmpty {
                let piece = rest.prefix(1 + rest.count / 2)
                guard let seen = try? meter.measure(piece) else { return begun }
                try promise(seen > 0 && seen <= piece.count, "no byte is seen twice")
                rest = rest.dropFirst(seen)
            }
        }
        return begun
    }

    /// Everything that follows a handshake: the decoder with our bounds, the gate behind it, and what a path asks for.
    static let request = Door("request", longest: 2048, share: 60) { bytes in
        let channel = EmbeddedChannel()
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        let gate = ConnectionGate(Connection(channel), CollectorLimits(), ConnectionLimits(Budget()))
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: Self.bounds)
        try channel.pipeline.syncOperations.addHandlers([ByteToMessageHandler(decoder), gate])
        let middle = bytes.count / 2
        var requests = 0
        for half in [bytes[..<middle], bytes[middle...]] {
            _ = try? channel.writeInbound(ByteBuffer(bytes: half))
            while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
                guard case .head(let head) = part else { continue }
                try look(at: head)
                requests += 1
            }
        }
        guard requests > 0 else { throw Refused() }
    }

    private static let bounds: NIOHTTPDecoderLimitConfiguration = {
        var bounds = NIOHTTPDecoderLimitConfiguration()
        bounds.maxHeaderFieldSize = CollectorLimits().headers
        bounds.maxHeaderListSize = CollectorLimits().headers
        bounds.maxHeaderFieldCount = 64
        return bounds
    }()

    private static func look(at head: HTTPRequestHead) throws {
        guard let method = HTTPRequest.Method(head.method.rawValue) else { return }
        let request = HTTPRequest(method: method, scheme: "https", authority: nil, path: head.uri)
        let route = Route(Request(head: request, body: RequestBody(buffer: ByteBuffer())))
        _ = route.share
        guard head.uri.hasPrefix("/v1/") else { return }
        switch route {
        case .putConsignment(let id, let part):
            try promise(part >= 1, "parts count from 1")
            let spellings = [Wire.path(of: id, from: part), "\(Wire.consignments)\(id.text)?from=1"]
            try promise(spellings.contains(Self.path(of: head)), "a consignment has one path")
        case .getExchanged(let since, let after):
            try promise(
                Wire.path(ofExchangedSince: since, after: after) == Self.path(of: head), "a page has one path")
        default: break
        }
    }

    /// What stands behind `#` never asks for anything.
    private static func path(of head: HTTPRequestHead) -> String {
        String(head.uri.prefix { $0 != "#" })
    }

    /// An answer of a partner to a courier: status, header fields, an empty line, the body.
    static let answer = Door("answer", longest: 2048, share: 60) { bytes in
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 8, omittingEmptySubsequences: false)
        guard let status = lines.first.flatMap({ Int(String(decoding: $0, as: UTF8.self)) }),
            (100...999).contains(status)
        else { throw Refused() }
        let head = lines.dropFirst().prefix { !$0.isEmpty }
        var headers = HTTPHeaders()
        for line in head {
            let field = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            // NIO lets no others through.
            guard field.count == 2, field[0].allSatisfy({ (0x21...0x7e).contains($0) }) else { continue }
            headers.add(
                name: String(decoding: field[0], as: UTF8.self), value: String(decoding: field[1], as: UTF8.self))
        }
        let body = lines.dropFirst(head.count + 2).joined(separator: [UInt8(ascii: "\n")])
        try look(
            at: PartnerReply(
                .init(
                    host: "", status: .init(statusCode: status), version: .http1_1, headers: headers,
                    body: ByteBuffer(bytes: Array(body)))))
    }

    private static func look(at reply: PartnerReply) throws {
        let later = reply.tryLater
        try promise(later.after.map { (0...86_400).contains($0) } ?? true, "a partner puts nothing off beyond a day")
        try promise(later.explanation.utf8.count < 400, "what is told is in our words")
        try promisePlain(later.explanation, lines: false, "what is told")
        if case .resume(let part) = reply.enquiryAnswer { try promise(part >= 1, "parts count from 1") }
        if case .tryLater = reply.carryAnswer { _ = reply.succeeded }
        if let answer = reply.witnessAnswer, case .holds(let size) = answer {
            try promise(size >= 0, "no ledger has less than nothing")
        }
        _ = (reply.card, reply.page, reply.note, reply.saysSeeOther)
    }
}
