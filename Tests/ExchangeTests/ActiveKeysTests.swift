import Envelope
@testable import Exchange
import ExchangeTesting
import Testing
import Vocabulary

@Suite struct ActiveKeysTests {
    @Test("what no recipient takes any more is held: signed by a key that was retired, or that ended a month ago")
    func outlived() throws {
        let ring = try KeyRing.generate(agency: AgencyID("stockton"), now: Clock.start)
        let signer = try StatementSigner(key: ring.signing.key(), certificate: ring.signing.certificate)
        let opener = Opener(keys: [try OpeningKey(key: ring.sealing.key(), certificate: ring.sealing.certificate)])
        let keys = ActiveKeys(signer: signer, opener: opener)
        let waybill = try signer.sign([0x7b, 0x7d], at: Clock.start)
        let end = ring.signing.certificate.notAfter
        #expect(!keys.hasOutlived(signerOf: waybill, Clock.start, at: end.adding(seconds: 30 * 86_400)))
        #expect(keys.hasOutlived(signerOf: waybill, Clock.start, at: end.adding(seconds: 31 * 86_400)))
        // A clock that may be wrong gives nothing up.
        #expect(!keys.hasOutlived(signerOf: waybill, Clock.start, at: nil))
        keys.replace(signer: signer, opener: opener, retired: [ring.signing.certificate.fingerprint: Clock.start])
        #expect(keys.hasOutlived(signerOf: waybill, Clock.start, at: nil))
    }
}
