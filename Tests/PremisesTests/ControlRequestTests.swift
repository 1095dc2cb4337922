import Exchange
import Foundation
import Ledger
import Policy
@testable import Premises
import Testing
import Vocabulary

/// What a command and the daemon say to each other.
struct ControlRequestTests {
    private static let requests: [ControlRequest] = {
        guard let id = try? ConsignmentID("0199e1a4-7c3b-7a10-8000-0123456789ab"),
            let partner = try? AgencyID("cleveland-police"), let day = try? CalendarDate("2026-11-30"),
            let key = try? Digest(hex: String(repeating: "5a", count: 32))
        else { return [] }
        var evidence = NoticeEvidence()
        (evidence.on, evidence.channel, evidence.because) = (day, "letter", "a reason\nof two lines")
        let although = Erasure.Although(ground: .unlawful, requester: .subject, second: "jones")
        let wish = EraseWish(.subject, subject: "LCS-1/2", because: "asked for", although: although)
        let keys = [ConsignmentKey(.sent, partner, id), ConsignmentKey(.received, partner, id)]
        return [
            .status, .reload, .checkpoint, .finishErasing, .release(id: id, because: "seen \"it\", \\ é"),
            .reject(id: id, because: "no", test: .moreDetrimental), .reject(id: id, because: "no", test: nil),
            .recall(id: id, because: "wrong file"), .accept(id: id, partner: nil, because: nil),
            .accept(id: id, partner: partner, because: "ours"), .destroyed(id: id, partner: nil, because: "done"),
            .retained(id: id, partner: partner, because: "s.47"),
            .misdirected(id: id, partner: nil, because: "not ours"),
            .closeDuty(id: id, because: "dealt with"), .closeNotice(id: id, ground: "14-done", evidence: evidence),
            .deferNotice(id: id, ground: "14-5-b", until: day, evidence: NoticeEvidence()),
            .deferNotice(id: id, ground: "14-5-b", until: nil, evidence: evidence),
            .noticeContact(id: id, on: .on(day)), .noticeContact(id: id, on: .at(Instant(seconds: 1_800_000_000))),
            .addPartner(card: Data([0, 62, 63, 255, 254]), fingerprint: key), .removePartner(id: partner),
            .revokePartner(id: partner, because: "stolen"), .testPartner(id: partner),
            .witnessSeen(partner: partner, because: "rung"), .recover(because: "a backup", evenSo: true),
            .prepareKey(role: .tls), .prepareKey(role: nil), .installCard(card: Data([1]), urgent: false),
            .acceptPlace(folder: "/srv/waybill/inbox", sure: true), .erase(consignments: keys, wish: wish),
            .erase(consignments: [], wish: EraseWish(.before, because: "old")),
        ]
    }()

    @Test("every request comes out as it went in", arguments: requests)
    func roundTrip(_ request: ControlRequest) throws {
        let bytes = try request.encoded
        #expect(try ControlRequest(reading: bytes) == request)
        #expect(try JSON(request: bytes).encoded == bytes)
    }

    @Test("no kind of request is left out above")
    func allKinds() {
        #expect(Set(Self.requests.map(\.verb)) == Set(ControlRequest.CodingKeys.allCases.map(\.rawValue)))
    }

    @Test("only what signs and changes nothing works while a restored ledger stands still")
    func standingStill() {
        let works = Self.requests.filter(\.worksStandingStill).map(\.verb)
        #expect(Set(works) == ["status", "reload", "partner-test", "recover"])
    }

    private static let id = #""id":"0199e1a4-7c3b-7a10-8000-0123456789ab""#

    @Test(
        "who asks what is not to be understood hears why, and nothing is done",
        arguments: [
            (
                #"{"release":{"because":"a\u0000b",\#(id)}}"#,
                "because: holds a control character (U+0000, code point 2)"
            ),
            (#"{"dance":{}}"#, "request: unknown verb"),
            (#"{"verb":"status"}"#, "request: unknown verb"),
            (#"{"reload":{},"status":{}}"#, "request: unknown verb"),
            ("[]", "request: unknown verb"),
            (#"{"release":{"because":"x"}}"#, "request: lacks the member id"),
            (#"{"release":{\#(id)}}"#, "request: lacks the member because"),
            (#"{"release":{"because":7,\#(id)}}"#, "because: is not understood"),
            (#"{"release":7}"#, "release: is not understood"),
            (
                #"{"release":{"because":"x","id":"0199"}}"#,
                "consignment id: must be a lower-case UUID of version 7"
            ),
            (
                #"{"release":{"because":"x",\#(id),"test":"mistake"}}"#,
                "request: has a member that this version does not know"
            ),
            (#"{"reject":{"because":"x",\#(id),"test":"dislike"}}"#, "test: is not understood"),
            (#"{"partner-add":{"card":"%","fingerprint":"00"}}"#, "card: is not understood"),
            (#"{"status":{}} "#, "JSON: something follows the value"),
            (#"{"status":null}"#, "JSON: expected a value at byte 10"),
            ("", "JSON: expected a value at byte 0"),
        ])
    func strange(_ request: String, _ why: String) async {
        let answer = await ControlAnswer(to: Array(request.utf8)) { understood in
            Issue.record("\(understood) was carried out")
            return [:]
        }
        #expect(answer == .refused(why))
    }

    @Test("an answer comes out as it went in, and what cannot be done is said")
    func answers() async throws {
        let done = await ControlAnswer(to: try ControlRequest.status.encoded) { _ in ["asked": .bool(true)] }
        #expect(done == .done(["asked": .bool(true)]))
        let refused = await ControlAnswer(to: try ControlRequest.status.encoded) { _ in throw Malformed("a", "b") }
        #expect(refused == .refused("a: b"))
        for answer in [done, refused] { #expect(try ControlAnswer(reading: answer.json.encoded) == answer) }
        #expect(throws: Malformed.self) { try ControlAnswer(reading: Array("{}".utf8)) }
    }
}
