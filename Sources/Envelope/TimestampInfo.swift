internal import Vocabulary

/// What a time authority signs (RFC 3161, 2.4.2): these bytes existed at this time.
///
///     TSTInfo ::= SEQUENCE { version 1, policy, messageImprint, serialNumber, genTime, accuracy?, ordering?, nonce?,
///                            [0] tsa?, [1] extensions? }
struct TimestampInfo {
    /// SHA-256 of what was stamped.
    let imprint: Digest
    /// Content of the INTEGER, at most 20 bytes.
    let serial: [UInt8]
    let time: Instant
    /// Complete INTEGER, nil if the request had none.
    let nonce: [UInt8]?

    init(_ der: [UInt8]) throws(NotDER) {
        var outer = DERReader(der)
        var info = try outer.enter(DER.sequence)
        try outer.finish()
        try info.expect(DER.integer(1))
        _ = try info.whole(DER.oid)
        imprint = try Self.imprint(info.enter(DER.sequence))
        serial = try info.octets(DER.integer)
        guard (1...20).contains(serial.count) else { throw NotDER() }
        time = try Self.time(info.octets(DER.generalizedTime))
        _ = try info.enterIfPresent(DER.sequence)
        // TRUE, or the default spelt out, as some authorities do.
        _ = info.skip([0x01, 0x01, 0xff]) || info.skip([0x01, 0x01, 0x00])
        nonce = info.tag == DER.integer ? try info.whole(DER.integer) : nil
        _ = try info.enterIfPresent(DER.context(0))
        if let extensions = try info.enterIfPresent(DER.context(1)) { try Self.requireHarmless(extensions) }
        try info.finish()
    }

    private static func imprint(_ imprint: DERReader) throws(NotDER) -> Digest {
        var reader = imprint
        guard Identifier.sha256s.contains(try reader.whole(DER.sequence)) else { throw NotDER() }
        let bytes = try reader.octets(count: 32)
        try reader.finish()
        return Digest(of32: bytes)
    }

    /// `YYYYMMDDhhmmss[.f]Z` without trailing zeros; less than a millisecond is cut off.
    private static func time(_ text: [UInt8]) throws(NotDER) -> Instant {
        let fields = text.dropLast().split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let fraction = fields.count == 2 ? Array(fields[1]) : []
        let digits = { (bytes: ArraySlice<UInt8>) in bytes.allSatisfy { (0x30...0x39).contains($0) } }
        guard text.last == UInt8(ascii: "Z"), (1...2).contains(fields.count), fields[0].count == 14, digits(fields[0]),
            digits(fraction[...]), fraction.count <= 9, fields.count == 1 || !fraction.isEmpty,
            fraction.last != UInt8(ascii: "0")
        else { throw NotDER() }
        let d = Array(String(decoding: fields[0], as: UTF8.self))
        let part = { (range: Range<Int>) in String(d[range]) }
        let milliseconds = String(decoding: (fraction + Array("000".utf8)).prefix(3), as: UTF8.self)
        let text = "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))"
        guard let time = try? Instant("\(text).\(milliseconds)Z") else { throw NotDER() }
        return time
    }

    /// What must be understood and is not is refused; the rest means nothing here.
    private static func requireHarmless(_ extensions: DERReader) throws(NotDER) {
        var list = extensions
        while !list.isAtEnd {
            var one = try list.enter(DER.sequence)
            _ = try one.whole(DER.oid)
            _ = one.skip([0x01, 0x01, 0x00])
            _ = try one.octets()
            try one.finish()
        }
    }
}
