import Envelope
import Statements
import Testing
import Vocabulary

@Suite struct ExpiryTests {
    @Test(
        "an end is told from 60 days before, louder from 14, and most when it is past",
        arguments: [
            (86_400 * 61, nil), (86_400 * 60 + 86_399, "ends in 60 days"), (86_400 * 15, "ends in 15 days"),
            (86_400 * 14 + 86_399, "URGENT"), (86_400, "ends in 1 day ("), (0, "URGENT"), (-1, "HAS ENDED"),
            (-86_400 * 3, "3 days ago"),
        ] as [(Int64, String?)])
    func levels(_ seconds: Int64, _ words: String?) {
        let expiry = Expiry(
            name: "expiry/tls", what: "Our tls certificate", end: Signatory.start.adding(seconds: seconds),
            fix: "waybill keys rotate tls")
        let warning = expiry.warning(at: Signatory.start)
        #expect((warning == nil) == (words == nil))
        #expect(words.map { warning?.contains($0) == true } ?? true)
        #expect(warning?.contains("waybill keys rotate tls") ?? true)
        #expect(warning?.hasPrefix("URGENT") != true || seconds >= 0)
    }

    @Test("every certificate in use, our card, our identity, and those of partners have a countdown")
    func everything() throws {
        let (us, them) = (try Signatory("stockton"), try Signatory("tewv"))
        let all = try Expiry.all(ours: us.asPartner(), partners: [them.asPartner()])
        let names = Set(all.map(\.name))
        #expect(
            names == [
                "expiry/signing", "expiry/sealing", "expiry/tls", "expiry/ledger", "expiry/card", "expiry/identity",
                "expiry/partner/tewv/sealing", "expiry/partner/tewv/card", "expiry/partner/tewv/identity",
            ])
        #expect(Expiry.warnings(all, at: Signatory.start).isEmpty)
        let late = Expiry.warnings(all, at: Signatory.start.adding(seconds: 350 * 86_400))
        #expect(late.keys.sorted() == names.filter { !$0.hasSuffix("identity") }.sorted())
    }
}
