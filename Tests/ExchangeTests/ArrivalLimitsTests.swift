import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Statements
import Testing
import Transport
import Vocabulary

/// What an arrival is put off or refused for, besides what it says.
extension ArrivalTests {
    @Test("a full disk is told as full and never as a refusal")
    func full() async throws {
        try await inTemporaryFolder { root in
            var rules = HouseRules()
            rules.diskReserve = 1 << 60
            let scene = try Scene(root, rules: rules)
            let parcel = try scene.parcel()
            guard case .problem(let problem) = try await scene.send(parcel) else {
                Issue.record("taken")
                return
            }
            #expect(problem.kind == .full)
            #expect(problem.retryAfter != nil)
        }
    }

    @Test("a partner that brings more in a minute than it may is put off, and nothing more is recorded")
    func flood() async throws {
        try await inTemporaryFolder { root in
            var rules = HouseRules()
            rules.newConsignmentsPerMinute = 3
            let scene = try Scene(root, rules: rules)
            for number in 0..<5 {
                let answer = try await scene.send(scene.parcel([1], name: "\(number).txt"))
                if case .receipt = answer { #expect(number < 3) } else { #expect(number >= 3) }
            }
            #expect(scene.inbox.count == 3)
            scene.clock.advance(seconds: 60)
            guard case .receipt = try await scene.send(scene.parcel([1], name: "later.txt")) else {
                Issue.record("still put off a minute later")
                return
            }
        }
    }

    @Test("a clock an hour off is tolerated, one two days off is told")
    func clocks() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            for (ahead, taken) in [(Int64(3600), true), (-3600, true), (172_800, false)] {
                let parcel = try Parcelled(
                    [1], from: scene.stockton, to: scene.police, name: "\(ahead).txt",
                    at: Clock.start.adding(seconds: ahead))
                let answer = try await scene.send(parcel)
                if case .receipt = answer { #expect(taken) } else { #expect(!taken) }
            }
        }
    }

    @Test(
        "an expired signing certificate, and one that the card retires, are not accepted",
        arguments: ["expired", "retired"])
    func oldKeys(_ how: String) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            var parcel = try scene.parcel()
            if how == "expired" {
                scene.clock.advance(seconds: 500 * 86_400)
                parcel = try Parcelled([1], from: scene.stockton, to: scene.police, at: scene.clock.now)
            } else {
                let keys = scene.stockton.keys
                let retired = Card.Retired(
                    fingerprint: keys.signing.certificate.fingerprint, role: .signing, at: Clock.start, reason: "lost")
                scene.agency.partners.put(try scene.partner(retiring: retired))
            }
            guard case .problem(let problem) = try await scene.send(parcel) else {
                Issue.record("taken")
                return
            }
            #expect(problem.kind == .malformed)
        }
    }

    @Test(
        "names from outside never leave the inbox folder",
        arguments: [
            ("...", "..."), ("a\u{202e}fdp.exe", "a_fdp.exe"), ("CON.txt", "CON_.txt"), (".hidden", "_hidden"),
            ("a:b?.pdf", "a_b_.pdf"),
        ])
    func names(_ name: String, _ unused: String) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel([1], name: name)
            guard case .receipt = try await scene.send(parcel) else {
                Issue.record("not taken")
                return
            }
            #expect(scene.inbox == [SafeName.forInbox(name)])
            #expect(scene.inbox.first?.hasPrefix(".") == false)
        }
    }

    @Test("more than 120 statements in a minute are put off, and the next minute takes them")
    func statementsPerMinute() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let withdrawal = Withdrawal(
                consignment: parcel.waybill.id, waybill: SHA256.digest(parcel.waybill.encoded),
                parties: parcel.waybill.parties, because: "changed", signedAt: Clock.start)
            let keys = scene.stockton.keys.signing
            let signed = try StatementSigner(key: keys.key(), certificate: keys.certificate).sign(
                withdrawal.encoded, at: Clock.start)
            for _ in 0..<120 { #expect(await scene.desk.take(statement: signed, from: scene.stockton.id) == nil) }
            let problem = try #require(await scene.desk.take(statement: signed, from: scene.stockton.id))
            #expect(problem.kind == .busy)
            #expect(problem.retryAfter == 60)
            scene.clock.advance(seconds: 60)
            #expect(await scene.desk.take(statement: signed, from: scene.stockton.id) == nil)
        }
    }

    @Test("a withdrawal throws away what is staged, and a later arrival is told so")
    func withdrawal() async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            _ = try await scene.send(parcel, keeping: 140_000)
            let withdrawal = Withdrawal(
                consignment: parcel.waybill.id, waybill: SHA256.digest(parcel.waybill.encoded),
                parties: parcel.waybill.parties, because: "changed", signedAt: Clock.start)
            let keys = scene.stockton.keys.signing
            let signed = try StatementSigner(key: keys.key(), certificate: keys.certificate).sign(
                withdrawal.encoded, at: Clock.start)
            #expect(await scene.desk.take(statement: signed, from: scene.stockton.id) == nil)
            #expect(scene.staged.isEmpty)
            guard case .problem = try await scene.send(parcel) else {
                Issue.record("taken")
                return
            }
            #expect(scene.inbox.isEmpty)
        }
    }

    @Test("random bytes, nothing, and an endless first message end in a problem", arguments: 0..<4)
    func garbage(_ how: Int) async throws {
        try await inTemporaryFolder { root in
            let scene = try Scene(root)
            let parcel = try scene.parcel()
            let bodies: [[UInt8]] = [
                [], Random.bytes(100_000), [0x30, 0x84, 0x7f, 0xff, 0xff, 0xff] + Random.bytes(50_000),
                [0x30, 0x80] + Random.bytes(10_000),
            ]
            guard case .problem = try await scene.send(parcel, [bodies[how]]) else {
                Issue.record("taken")
                return
            }
            #expect(scene.inbox.isEmpty && scene.staged.isEmpty)
        }
    }
}
