import Envelope
import Exchange
import ExchangeTesting
import Foundation
import Law
import Ledger
import Policy
import Statements
import Testing
import Transport
import Vocabulary

/// Texts that nobody takes: at the doors by which a partner's come in, and before ours are signed.
@Suite(.timeLimit(.minutes(5))) struct HostileTextDoorTests {
    private static let strange = ["a\u{0}b", "a\u{1b}[2Jb", "a\u{9b}b", "a\u{202e}b", "a\u{2028}b", "a\u{fffe}b"]

    private static func changed(_ label: Label, _ text: String, _ number: Int) -> Label {
        var label = label
        switch number {
        case 0: label.purpose = text
        case 1: label.decidedBy = text
        case 2: label.agreement.version = text
        case 3: label.subjects = [Label.Subject(ref: text, role: "child")]
        case 4: label.necessity = text
        default: label.categories.append(text)
        }
        return label
    }

    @Test("a waybill with such a text, or with more than 16 KiB of label, leaves nothing behind", arguments: 0..<6)
    func waybills(_ number: Int) async throws {
        try await inTemporaryFolder { root in
            let scene = try ArrivalTests.Scene(root)
            for text in Self.strange + [String(repeating: "x", count: 17 * 1024)] {
                var parcel = try scene.parcel()
                parcel.waybill = parcel.waybill.labelled(Self.changed(parcel.waybill.label, text, number))
                guard case .problem(let problem) = try await scene.send(parcel) else {
                    Issue.record("taken: \(text.debugDescription.prefix(40))")
                    continue
                }
                #expect(problem.kind == .malformed)
            }
            #expect(await scene.police.ledger.testOnlyEvents.isEmpty)
            #expect(scene.inbox.isEmpty && scene.staged.isEmpty)
        }
    }

    @Test("later statements and withdrawals with such a text are not taken, and their bringer is told why")
    func statements() async throws {
        try await inTemporaryFolder { root in
            let scene = try ArrivalTests.Scene(root)
            let parcel = try scene.parcel()
            _ = try await scene.send(parcel)
            let before = await scene.police.ledger.testOnlyEvents.count
            let (waybill, pair) = (parcel.waybill, scene.stockton.keys.signing)
            let signer = try StatementSigner(key: pair.key(), certificate: pair.certificate)
            for text in Self.strange {
                let recall = LaterStatement(
                    .recall, consignment: waybill.id, waybill: SHA256.digest(waybill.encoded), parties: waybill.parties,
                    because: text, signedAt: Clock.start)
                let withdrawal = Withdrawal(
                    consignment: waybill.id, waybill: SHA256.digest(waybill.encoded), parties: waybill.parties,
                    because: text, signedAt: Clock.start)
                for content in [recall.encoded, withdrawal.encoded] {
                    let signed = try signer.sign(content, at: Clock.start)
                    let problem = try #require(await scene.desk.take(statement: signed, from: scene.stockton.id))
                    #expect(
                        problem.kind == .malformed && problem.detail.contains("because: holds"), "\(problem.detail)")
                    #expect(PlainText.fault(in: problem.detail, .line) == nil)
                }
            }
            #expect(await scene.police.ledger.testOnlyEvents.count == before)
        }
    }

    @Test("a new card with such a text is not taken, and one that we have stays readable")
    func cards() async throws {
        try await inTemporaryFolder { root in
            let agency = try TestAgency("stockton", root: root)
            let pin = agency.keys.identity.certificate.fingerprint
            let retired = Card.Retired(fingerprint: pin, role: .tls, at: Clock.start, reason: "a\u{0}b")
            let signed = try TestCard.sign(agency.id, agency.keys, at: Clock.start, retired: [retired])
            #expect(throws: CardProblem.self) { try CardReader.verify(signed, pinned: pin, at: Clock.start) }
            #expect(throws: CardProblem.self) { try CardReader.fingerprint(of: signed) }
            #expect(try CardReader.known(signed, pinned: pin).card.retired == [retired])
        }
    }

    @Test("we sign nothing that a partner would not take")
    func signer() async throws {
        try await inTemporaryFolder { root in
            let agency = try TestAgency("stockton", root: root).agency(knowing: [], at: Clock())
            for text in Self.strange + [String(repeating: "x", count: 2001)] {
                let content = JSON.object(["because": .string(text)]).encoded
                #expect(throws: Malformed.self) { try agency.us.signer.sign(content, at: Clock.start) }
            }
            #expect(throws: Never.self) {
                try agency.us.signer.sign(JSON.object(["because": .string("a\nb")]).encoded, at: Clock.start)
            }
        }
    }

    // MARK: Labels of ours

    private func judge(_ sideCar: String, _ route: String = "strategy-meeting") throws -> LoadedLaw.Judgement {
        let sides = try Share.Sides(from: AgencyID("stockton"), to: AgencyID("cleveland-police"))
        return try Law.book().judge(
            .init(RouteName(route), sideCar: Array(sideCar.utf8), sides, at: Clock.start))
    }

    /// Each text is within its own bound.
    private static let tooMuch: String = {
        let people = (1...200).map { number in
            """
                - { ref: "\(String(repeating: "R", count: 58))\(number)", role: child, \
            informed: { status: exempt, ground: "14-5-\(String(repeating: "f", count: 40))" } }
            """
        }
        return "subjects:\n" + people.joined(separator: "\n") + "\n"
    }()

    @Test("a label of more text than recipients take holds its file in words; an emergency goes without those words")
    func tooMuchText() throws {
        let held = try judge(Self.tooMuch)
        guard case .hold(let findings) = held.decision else {
            Issue.record("\(held.decision)")
            return
        }
        #expect(findings.contains { $0.found.contains("more than 16 KiB of text") } && held.label == nil)
        let urgent = try judge(Self.tooMuch + "emergency: { reason: \"he is at the door\" }\n")
        guard case .release = urgent.decision, let label = urgent.label else {
            Issue.record("\(urgent.decision)")
            return
        }
        #expect(label.refusal == nil && label.emergency?.reason == "he is at the door" && label.subjects.isEmpty)
        #expect(urgent.deferred.contains { $0.found.contains("more than 16 KiB") })
    }

    @Test("a side-car with such a character holds its file, with line and remedy; an emergency goes all the same")
    func strangeSideCar() throws {
        for escape in [#"\0"#, #"\a"#, #"\x7f"#, #"\N"#, #"\L"#, #"\u202e"#, #"\u2066"#] {
            guard case .hold(let findings) = try judge("accuracy: \"told by \(escape) phone\"\n").decision else {
                Issue.record("\(escape) was let through")
                continue
            }
            #expect(findings.contains { $0.found.hasPrefix("Line 1: \"accuracy\" holds") && !$0.fix.isEmpty })
            let urgent = try judge("emergency: { reason: \"knife \(escape) now\" }\n")
            guard case .release = urgent.decision, let label = urgent.label else {
                Issue.record("\(escape) stopped an emergency: \(urgent.decision)")
                continue
            }
            #expect(label.emergency?.reason == "knife \u{FFFD} now" && label.refusal == nil)
            #expect(!urgent.deferred.isEmpty)
        }
    }

    @Test("a dropped file with such a name goes under one that everybody takes")
    func names() async throws {
        try await inTemporaryFolder { root in
            let scene = try SendingTests.Scene(root)
            try await scene.run([1, 2, 3], name: "plan \u{202e}fdp.\u{85}\u{fffe}exe.pdf") {
                try await scene.records.map(\.state) == [.delivered] && scene.names("work").isEmpty
            }
            let statement = try await scene.stockton.ledger.statement(
                .signed, of: try #require(scene.records.first?.key))
            let json = try StatementVerifier.uncheckedContent(of: try #require(statement))
            #expect(try Waybill(parsing: json).file.name == "plan \u{202e}fdp.__exe.pdf")
            #expect(scene.names("inbox/stockton/strategy-meeting", of: scene.police) == ["plan _fdp.__exe.pdf"])
        }
    }
}

extension Waybill {
    fileprivate func labelled(_ label: Label) -> Waybill {
        Waybill(
            id: id, parties: parties, signedAt: signedAt, bind: bind, file: file, partSize: partSize, label: label,
            submittedBy: submittedBy)
    }
}
