import Envelope
import Foundation
import Testing
import Vocabulary

/// A real authority, run by `openssl ts`, and a thousand false ones.
@Suite struct TimestampTests {
    private let body = Array("waybill/hartlepool/0123456789abcdef/a-ledger\n42\nbm90IGEgcm9vdA==\n".utf8)

    private func token(
        _ authority: StockAuthority, _ trusted: TimeAuthorities? = nil
    ) throws -> TimestampToken {
        let request = TimestampRequest(over: body)
        return try (trusted ?? authority.trusted()).verify(reply: authority.reply(to: request), to: request)
    }

    @Test("the stock command reads our request")
    func request() throws {
        let folder = try TemporaryFolder()
        try folder.write(TimestampRequest(over: body).der, to: "query.tsq")
        let text = String(
            decoding: try StockOpenSSL(folder: folder).run("ts -query -in query.tsq -text"), as: UTF8.self)
        #expect(text.contains("Version: 1") && text.contains("Hash Algorithm: sha256"))
        #expect(text.contains("Certificate required: yes") && !text.contains("Nonce: unspecified"))
    }

    @Test("no two requests have one nonce")
    func nonces() {
        #expect(Set((0..<200).map { _ in TimestampRequest(over: body).der }).count == 200)
    }

    @Test(
        "a token of a real authority holds, whatever its key",
        arguments: [
            "ec -pkeyopt ec_paramgen_curve:P-256", "ec -pkeyopt ec_paramgen_curve:P-384", "rsa:2048", "rsa:4096",
        ])
    func genuine(signer: String) throws {
        let before = Int64(Date().timeIntervalSince1970)
        let token = try token(StockAuthority(signer: signer))
        #expect((before - 1...before + 120).contains(token.time.seconds))
        #expect(token.serial == "01")
    }

    @Test("an authority that names its certificates by SHA-1, as older ones do, is understood")
    func legacy() throws {
        #expect(try token(StockAuthority(isLegacy: true)).serial == "01")
    }

    @Test("what is kept verifies with the stock command, and with another body it does not")
    func stock() throws {
        let authority = try StockAuthority()
        let token = try token(authority)
        try authority.folder.write(body, to: "checkpoint.body")
        try authority.folder.write(body + [0x0a], to: "other.body")
        try authority.folder.write(token.der, to: "timestamp.tsr")
        let verify = { (body: String, anchors: String, more: String) in
            try authority.openssl.accepts(
                "ts -verify -data \(body) -in timestamp.tsr -token_in -CAfile \(anchors) \(more)")
        }
        #expect(try verify("checkpoint.body", "root.pem", ""))
        #expect(try verify("checkpoint.body", "tsa.pem", "-partial_chain"))
        #expect(try verify("checkpoint.body", "tsa.pem", "-partial_chain -attime \(token.time.seconds)"))
        #expect(try !verify("other.body", "root.pem", ""))
    }

    @Test("the authority's own certificate is anchor enough, and so is a file of several")
    func anchors() throws {
        let authority = try StockAuthority()
        let other = try StockAuthority()
        try authority.folder.write(other.folder.read("root.pem"), to: "other.pem")
        for files in [["tsa.pem"], ["root.pem"], ["root.pem", "tsa.pem"]] {
            let pem = try files.flatMap { try authority.folder.read($0) }
            _ = try token(authority, TimeAuthorities(pem: pem))
        }
        let both = try authority.trusted("other.pem", "root.pem")
        #expect(both.count == 2)
        _ = try token(authority, both)
    }

    /// A token of that time, with the signer's certificate as it is.
    private func token(_ authority: StockAuthority, at time: String) throws -> [UInt8] {
        var info = try StockAuthority.info(token(authority).der)
        info.children[4].content = Array(time.utf8)
        return try authority.forged(info.der)
    }

    @Test("a token of an authority that has ended since still holds, at its own time only")
    func ended() throws {
        let authority = try StockAuthority()
        let info = try StockAuthority.info(token(authority).der)
        try authority.certify(from: "20200101000000Z", until: "20210101000000Z")
        let trusted = try authority.trusted("tsa.pem")
        #expect(trusted.end == (try Instant("2021-01-01T00:00:00.000Z")))
        for (time, holds) in [
            ("20191231235959Z", false), ("20200601120000.25Z", true), ("20210101000001Z", false),
            ("20260601120000Z", false),
        ] {
            var changed = info
            changed.children[4].content = Array(time.utf8)
            let token = try authority.forged(changed.der)
            #expect(((try? trusted.verify(token, over: body)) != nil) == holds, "\(time)")
            guard holds else { continue }
            let held = try trusted.verify(token, over: body)
            #expect(held.time == (try Instant("2020-06-01T12:00:00.250Z")))
            try authority.folder.write(body, to: "checkpoint.body")
            try authority.folder.write(held.der, to: "timestamp.tsr")
            let command =
                "ts -verify -data checkpoint.body -in timestamp.tsr -token_in -CAfile tsa.pem -partial_chain"
            #expect(try !authority.openssl.accepts(command))
            #expect(try authority.openssl.accepts("\(command) -attime \(held.time.seconds)"))
        }
    }

    @Test(
        "a time of no sense is refused",
        arguments: [
            "20260230000000Z", "20261301000000Z", "20260101250000Z", "20260101000000", "202601010000Z",
            "20260101000000.Z", "20260101000000.50Z", "20260101000000,5Z", "20260101000000.5.5Z", "20260101000000+0100",
            "2026010100000 Z", "20260101000060Z",
        ])
    func time(_ text: String) throws {
        let authority = try StockAuthority()
        let token = try token(authority, at: text)
        #expect(throws: EnvelopeError.timestamp(.malformed)) { try authority.trusted().verify(token, over: body) }
    }

    @Test("a token over other bytes, or for another request, is refused")
    func otherRequest() throws {
        let authority = try StockAuthority()
        let trusted = try authority.trusted()
        let request = TimestampRequest(over: body)
        let reply = try authority.reply(to: request)
        #expect(throws: EnvelopeError.timestamp(.otherNonce)) {
            try trusted.verify(reply: reply, to: TimestampRequest(over: body))
        }
        let token = try trusted.verify(reply: reply, to: request)
        #expect(throws: EnvelopeError.timestamp(.otherBytes)) { try trusted.verify(token.der, over: body + [0]) }
    }

    @Test("a token of another authority is refused")
    func otherAuthority() throws {
        let other = try StockAuthority()
        #expect(throws: EnvelopeError.timestamp(.authority)) { try token(StockAuthority(), other.trusted()) }
    }

    @Test(
        "a signer that is not for time stamping, or not for that alone, is refused",
        arguments: ["", "critical,serverAuth", "timeStamping", "critical,timeStamping,serverAuth"])
    func usage(_ usage: String) throws {
        let authority = try StockAuthority(usage: usage)
        let info = try StockAuthority.info(token(authority).der)
        let honest = try authority.forged(info.der)
        _ = try authority.trusted().verify(honest, over: body)
        try authority.certify(as: "other")
        let forged = try authority.forged(info.der)
        #expect(throws: EnvelopeError.timestamp(.authority)) { try authority.trusted().verify(forged, over: body) }
    }

    @Test("a certificate put in the place of the signer's is noticed")
    func exchangedCertificate() throws {
        let authority = try StockAuthority()
        var token = try DERTree(token(authority).der)
        try authority.certify()
        let other = try DERTree(
            try authority.openssl.run("x509 -in tsa.pem -outform DER"))
        let signer = try #require(token[[1, 0, 3]].children.firstIndex { $0[[0, 5]].der == other[[0, 5]].der })
        token[[1, 0, 3, signer]] = other
        // By the name that it has in the signer's place, so that it is found at all.
        token[[1, 0, 4, 0, 1, 1]] = other[[0, 1]]
        #expect(throws: EnvelopeError.timestamp(.signature)) { try authority.trusted().verify(token.der, over: body) }
    }

    @Test("an extension that must be understood is refused, one that need not be is not")
    func extensions() throws {
        let authority = try StockAuthority()
        var info = try StockAuthority.info(token(authority).der)
        for (critical, holds) in [([UInt8](), true), ([1, 1, 0xff], false)] {
            let one: [UInt8] = [0x06, 2, 0x2a, 3] + critical + [0x04, 1, 0]
            let entry = [0x30, UInt8(one.count)] + one
            let list = try DERTree([0xa1, UInt8(entry.count)] + entry)
            info.children.removeAll { $0.tag == 0xa1 }
            info.children.append(list)
            let forged = try authority.forged(info.der)
            #expect(((try? authority.trusted().verify(forged, over: body)) != nil) == holds)
        }
    }

    @Test("a rejection is told in words of ours")
    func rejection() throws {
        let authority = try StockAuthority(digests: "sha512")
        let request = TimestampRequest(over: body)
        let reply = try authority.reply(to: request)
        #expect(throws: EnvelopeError.timestamp(.badAlgorithm)) {
            try authority.trusted().verify(reply: reply, to: request)
        }
        #expect(throws: EnvelopeError.timestamp(.rejected)) {
            try TimestampReply.token(in: [0x30, 5, 0x30, 3, 2, 1, 2])
        }
    }

    @Test("no flipped bit changes what a token says")
    func flippedBits() throws {
        let authority = try StockAuthority()
        let trusted = try authority.trusted("tsa.pem")
        let token = try token(authority)
        var survivors = 0
        let bits = stride(from: 0, to: token.der.count * 8, by: 5)
        for bit in bits {
            var forged = token.der
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let held = try? trusted.verify(forged, over: body) else { continue }
            #expect(held.time == token.time && held.serial == token.serial)
            survivors += 1
        }
        // What nobody signs and nobody needs: the root's certificate that came along, the name of the signature's kind.
        #expect(survivors * 2 < token.der.count * 8 / 5)
        #expect(bits.underestimatedCount > 1000)
    }

    @Test("garbage, a cut token, an endless one and an empty one are refused without libcrypto")
    func garbage() throws {
        let authority = try StockAuthority()
        let trusted = try authority.trusted()
        let token = try token(authority).der
        let cut = stride(from: 0, to: token.count, by: 97).map { Array(token[..<$0]) }
        let noise = (1...200).map { Random.bytes($0) }
        for bytes in cut + noise + [token + [0], [0x30, 0x80] + token] {
            #expect(throws: EnvelopeError.timestamp(.malformed)) { try trusted.verify(bytes, over: body) }
            #expect(throws: EnvelopeError.timestamp(.malformed)) { try TimestampReply.token(in: bytes + [1]) }
        }
        let long = [UInt8](repeating: 0x30, count: TimestampReply.limit + 1)
        #expect(throws: EnvelopeError.timestamp(.tooLarge)) { try TimestampReply.token(in: long) }
        #expect(throws: EnvelopeError.timestamp(.tooLarge)) { try trusted.verify(long, over: body) }
    }

    @Test("a file without a certificate, or with a damaged one, is no anchor")
    func badCertificates() throws {
        let pem = String(decoding: try StockAuthority().folder.read("root.pem"), as: UTF8.self)
        let damaged = pem.replacingOccurrences(of: "MII", with: "AAA").replacingOccurrences(of: "MIIB", with: "AAAA")
        for text in ["", "no certificate", damaged, pem + damaged] {
            #expect(throws: EnvelopeError.timestamp(.certificates)) { try TimeAuthorities(pem: Array(text.utf8)) }
        }
        #expect(try TimeAuthorities(pem: Array(("# from their site\n" + pem).utf8)).count == 1)
    }
}
