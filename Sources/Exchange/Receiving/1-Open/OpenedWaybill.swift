internal import Envelope
package import Statements
package import Vocabulary

/// A waybill that opened with our sealing key and verified: signed by the partner who brought it, in the signing role.
///
/// Says nothing yet about whether it is for us; that is `AdmittedWaybill`.
package struct OpenedWaybill: Sendable {
    package let waybill: Waybill
    /// SHA-256 of the waybill JSON: half of a consignment's identity.
    package let digest: Digest
    /// The SignedData, verbatim: what the ledger keeps.
    package let signed: [UInt8]

    fileprivate init(waybill: Waybill, digest: Digest, signed: [UInt8]) {
        self.waybill = waybill
        self.digest = digest
        self.signed = signed
    }
}

extension OpenedWaybill {
    /// After a restart: the bytes verified before they were committed to our ledger.
    static func resume(_ signed: [UInt8]) throws -> OpenedWaybill {
        let json = try StatementVerifier.uncheckedContent(of: signed)
        return OpenedWaybill(waybill: try Waybill(kept: json), digest: SHA256.digest(json), signed: signed)
    }
}

/// Opens and verifies message 0.
package struct WaybillOpener: Sendable {
    let opener: Opener
    /// Nil while our own clock may be wrong: then no key is too old.
    let sure: Instant?

    /// A waybill from the future by more than this many seconds tells of a wrong clock, ours or theirs.
    package static let greatestAhead: Int64 = 24 * 3600

    package enum Problem: Error, Hashable, Sendable {
        /// Cannot be opened, verified or read. To the outside all of these look alike.
        case unreadable(String)
        /// Verified, but says it was signed so many seconds from now: a day or more; or, 0, bears a date before its signer's
        /// certificate began, so that nobody can verify it.
        case clock(ahead: Int64)
    }

    package func open(
        _ message: [UInt8], from partner: Partner, at now: Instant
    ) throws(Problem) -> OpenedWaybill {
        do {
            let signed = try opener.openWaybill(message)
            return try read(signed, from: partner, at: now)
        } catch let problem as Problem {
            throw problem
        } catch EnvelopeError.statement(.notYetValid) {
            throw .clock(ahead: 0)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private func read(_ signed: [UInt8], from partner: Partner, at now: Instant) throws -> OpenedWaybill {
        let verified = try partner.author.verify(signed, as: Waybill.self)
        let (waybill, end) = (verified.statement, verified.signer.notAfter)
        if let sure, sure.seconds - end.seconds > ActiveKeys.longestWay {
            throw Malformed("waybill", "is signed with a key whose certificate ended on \(end.date)")
        }
        let ahead = waybill.signedAt.seconds - now.seconds
        guard ahead <= Self.greatestAhead else { throw Problem.clock(ahead: ahead) }
        return OpenedWaybill(waybill: waybill, digest: verified.digest, signed: signed)
    }
}
