@testable import Envelope
@testable import Ledger
import Policy
@testable import TransportHTTPS
import Vocabulary

/// Invented agencies with keys that last as long as the process, and what the real writers make with them: what a corpus
/// begins with. No key is ever written down.
package enum Seeds {
    static let now = Instant(milliseconds: 1_763_808_942_123)
    static let stamped = Array("waybill/stockton/0000000000000000/ledger\n1\nAAAA\n".utf8)
    static let noteKey = Array(repeating: UInt8(9), count: 32)
    static let law = SHA256.digest(Array("law".utf8))
    static let catalogue = Catalogue(version: "2026-11-22", sha256: law)
    static let opening: OpeningKey? = try? ring.get().opening()
    static let opener: Opener? = opening.map { Opener(keys: [$0]) }

    private static let ring = Result { try KeyRing.generate(agency: AgencyID("stockton"), now: now) }

    /// For each door by its name.
    package static func make() throws -> [String: [[UInt8]]] {
        let (ring, waybill) = (try ring.get(), try waybill())
        let statements = try statements(about: waybill)
        let signer = try StatementSigner(key: ring.signing.key(), certificate: ring.signing.certificate)
        let signed = try statements.map { try signer.sign($0, at: now) }
        let card = try card(ring)
        let signedCard = try StatementSigner(identityKey: ring.identity.key(), identity: ring.identity.certificate)
            .sign(card, at: now)
        let identity = ring.identity.certificate.der
        let wire = try wire(ring, signed[0])
        return [
            "json": statements + [card], "statement": statements, "card": [card],
            "signed": (signed + [signedCard]).map { identity + $0 },
            "certificate": [ring.identity, ring.signing, ring.sealing, ring.tls, ring.ledger].map(\.certificate.der),
            "sealed": wire, "stream": [[7, 2, 4], [255, 2, 4]].map { $0 + wire.joined() },
            "note": try notes(), "ledger": try ledger(), "request": requests(waybill.id), "answer": answers(signed[0]),
            "names": names(waybill.id), "document": documents(), "frames": frames(waybill.id, wire),
        ]
    }
}

extension KeyRing {
    fileprivate func opening() throws -> OpeningKey {
        try OpeningKey(key: sealing.key(), certificate: sealing.certificate)
    }
}

// Statements.

extension Seeds {
    private static func parties() throws -> Parties {
        Parties(
            from: try AgencyID("stockton"), to: try AgencyID("cleveland-police"), fromIdentity: law,
            toIdentity: SHA256.digest([2]))
    }

    private static func label() throws -> Label {
        let pinned = Label.Pinned(id: "tees-tier-2", version: "2026-04", sha256: law)
        var label = Label(
            agreement: pinned, route: try RouteName("strategy-meeting"),
            catalogue: Label.Pinned(id: "", version: "2026-11-22", sha256: law), purpose: "pu-3.1",
            categories: ["pd-01", "sc-health"],
            basis: Label.Basis(
                article6: ["A6-1-e"], gateways: ["CA89-47"], article9: ["A9-2-g"], schedule1: ["S1-18"], reason: "b"),
            necessity: "Section 47 enquiry,\nNHS number 999 000 0018.")
        label.subjects = [Label.Subject(ref: "case-17", role: "child", informed: .init(status: "no"))]
        label.emergency = Label.Emergency(reason: "now", reviewBy: now.adding(seconds: 86_400))
        label.retention = Label.Retention(class: "child-protection", reviewBy: try CalendarDate("2027-11-22"))
        label.handling.caveats = ["safe-address"]
        label.collection = Label.Collection(purpose: "pu-1", compatibility: "the same")
        label.attestation = Label.Attestation(principles: ["fairness"], because: "looked at")
        (label.accuracy, label.suggested) = ("As told by the school.", ["cr-offence"])
        (label.asOf, label.nature) = (try CalendarDate("2026-11-20"), "fact")
        return label
    }

    private static func waybill(modified: Instant? = nil) throws -> Waybill {
        Waybill(
            id: .make(at: now), parties: try parties(), signedAt: now, bind: SHA256.digest([9]),
            file: try FileDescription(
                name: "minutes é.pdf", size: 3_000_000, sha256: SHA256.digest([5]), mediaType: "application/pdf",
                modified: modified),
            partSize: try PartSize(bytes: 1 << 20), label: try label(), supersedes: .make(at: now),
            submittedBy: "handler-3")
    }

    private static func statements(about waybill: Waybill) throws -> [[UInt8]] {
        let digest = SHA256.digest(waybill.encoded)
        let receipt = Receipt(
            consignment: waybill.id, waybill: digest, parties: waybill.parties, sha256: waybill.file.sha256,
            size: waybill.file.size, receivedAt: now, signedAt: now,
            checkpoint: "waybill/x\n1\nabc=\n\n— waybill/x abc=\n")
        let refusal = Refusal(
            consignment: waybill.id, waybill: digest, parties: waybill.parties, reason: .policy,
            explanation: "The agreement\nhas ended.", signedAt: now)
        let withdrawal = Withdrawal(
            consignment: waybill.id, waybill: digest, parties: waybill.parties, because: "changed", signedAt: now)
        let later = LaterStatement.Kind.allCases.map { kind in
            LaterStatement(
                kind, consignment: waybill.id, waybill: digest, parties: waybill.parties, because: because(kind),
                replacement: kind == .correction ? .make(at: now) : nil,
                moment: [.handover, .uncollected].contains(kind) ? now : nil, signedAt: now
            ).encoded
        }
        let dated = try self.waybill(modified: now).encoded
        return [waybill.encoded, dated, receipt.encoded, refusal.encoded, withdrawal.encoded] + later
    }

    private static func because(_ kind: LaterStatement.Kind) -> String {
        switch kind {
        case .handover: "moved"
        case .uncollected: ""
        default: "The wrong child."
        }
    }

    private static func card(_ ring: KeyRing) throws -> [UInt8] {
        let pairs: [(Role, KeyRing.Pair)] = [
            (.signing, ring.signing), (.sealing, ring.sealing), (.tls, ring.tls), (.ledger, ring.ledger),
        ]
        return try Card(
            id: AgencyID("stockton"), name: "Stockton-on-Tees Borough Council", address: "stockton.example:8443",
            serial: 2, previous: law, issuedAt: now, validUntil: now.adding(seconds: 86_400),
            certificates: pairs.map { .init(role: $0, der: $1.certificate.der) },
            retired: [.init(fingerprint: law, role: .tls, at: now, reason: "lost")], versions: ["waybill/v1"]
        ).encoded
    }

    /// A sealed waybill and two parts.
    private static func wire(_ ring: KeyRing, _ signed: [UInt8]) throws -> [[UInt8]] {
        let sealer = try Sealer(recipient: ring.sealing.certificate)
        let part = { index in try sealer.sealPart(bind: law, index: index, length: 20) { _ in } }
        return [try sealer.sealWaybill(Array(signed.prefix(300))), try part(1), try part(2)]
    }
}

// Ledgers.

extension Seeds {
    private static let origin = "waybill/stockton/0f1e2d3c4b5a6978/0199aaaa-0000-7000-8000-000000000000"

    private static func note(size: Int64) -> SignedNote {
        let head = Checkpoint(origin: origin, size: size, root: law)
        let signature = Array(repeating: UInt8(5), count: 64)
        let seen = bigEndian(UInt64(now.seconds)) + signature
        return SignedNote(body: head.body)
            .adding(.init(name: origin, keyID: [1, 2, 3, 4], bytes: signature))
            .adding(.init(name: "waybill/cleveland-police/0f", keyID: [9, 2, 3, 4], bytes: seen))
    }

    private static func notes() throws -> [[UInt8]] { [0, 1, 20_852_014].map { Array(note(size: $0).text.utf8) } }

    private static func ledger() throws -> [[UInt8]] {
        let proof = [law, SHA256.digest([1]), SHA256.digest([2])]
        let leaf = Leaf(
            seq: 42, at: now, kind: .delivered, consignment: .make(at: now), partner: try AgencyID("cleveland-police"),
            commitment: law)
        let detail = EventDetail(["name": .string("minutes.pdf"), "size": .integer(7)], statement: [0x30, 0])
        let key = try NoteKey(name: origin, publicKey: noteKey, DoorCrypto())
        return [
            WitnessRequest(old: 5, proof: proof, checkpoint: note(size: 9)).bytes,
            Array(TlogProof(index: 3, hashes: proof, checkpoint: note(size: 9)).text.utf8), leaf.bytes, detail.bytes,
            Array(key.text.utf8), Array("409\n42\n".utf8), Array("422\n".utf8),
            Array("200\n\(note(size: 9).signatures[1].line)".utf8),
        ]
    }
}

// What goes over the wire and lies in folders.

extension Seeds {
    private static func frames(_ id: ConsignmentID, _ wire: [[UInt8]]) -> [[UInt8]] {
        let told = FramedAnswer(kind: .receipt, body: Array("receipt".utf8))
        return [
            Frames.head(of: id, messages: 2) + wire[0] + wire[1], Frames.asking([id, id]),
            Frames.answer(told, about: id) + Frames.answer(FramedAnswer(kind: .unknown, body: []), about: id),
        ]
    }

    private static func requests(_ id: ConsignmentID) -> [[UInt8]] {
        [
            "PUT /v1/consignments/\(id)?from=3", "GET /v1/consignments/\(id)", "POST /v1/statements", "GET /v1/card",
            "GET /v1/checkpoint", "POST /v1/add-checkpoint", "GET /v1/witnessed",
            "GET /v1/exchanged?since=\(now)&after=\(id)", "GET /v1/exchanged?since=\(now)",
        ].enumerated().map { place, line in
            let body =
                place % 2 == 0
                ? "Content-Length: 4\r\n\r\nabcd" : "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
            return Array("\(line) HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/cms\r\n\(body)".utf8)
        }
    }

    private static func answers(_ signed: [UInt8]) -> [[UInt8]] {
        let problem = #"{"detail":"d","status":503,"title":"t","type":"urn:waybill:problem:busy"}"#
        let heads = [
            ("201\ncontent-type:application/cms\nwaybill-statement:receipt\n\n", "receipt"),
            ("200\ncontent-type:application/cms\nwaybill-statement:refusal\n\n", "refusal"),
            ("202\ncontent-type:application/json\n\n", #"{"next":3}"#),
            ("503\ncontent-type:application/problem+json\nretry-after:60\n\n", problem),
            ("404\ncontent-type:application/problem+json\n\n", #"{"type":"urn:waybill:problem:unknown-consignment"}"#),
            ("404\ncontent-type:application/problem+json\n\n", #"{"type":"urn:waybill:witness:unknown-origin"}"#),
            ("409\ncontent-type:text/x.tlog.size\n\n", "42\n"), ("303\n\n", ""),
            ("200\ncontent-type:text/plain; charset=utf-8\n\n", note(size: 3).signatures[0].line),
        ]
        return heads.map { Array(($0 + $1).utf8) }
    }

    private static func names(_ id: ConsignmentID) -> [[UInt8]] {
        [
            "\(id).consignment\0\(id).receipt.p7s\0none.ab12.p7s\0none.ab12.taken\0\(law.hex).witness",
            "entries/42.leaf\0later/7.p7s\0cards/sender-3.card\0\(law.hex)  version\n", "\(now)", "2026-02-28",
            "con.txt\0.hidden\0a \0~$x.docx\0minutes.label.yaml\0naïve\u{301}\u{202e}fdp.exe",
            String(repeating: "é", count: 126) + ".pdf",
            "cleveland-police", "\(id)", "entries/42.leaf", "later/7.p7s", "cards/sender-3.card",
        ].map { Array($0.utf8) }
    }

    private static func documents() -> [[UInt8]] {
        [
            """
            purpose: pu-3.1
            categories: [pd-01, sc-health]
            necessity: "Section 47 enquiry"
            subjects:
              - ref: case-17
                role: child
            emergency:
              reason: a child is in danger
            """,
            """
            {"supersedes":{"because":"wrong page","consignment":"\(ConsignmentID.make(at: now))"},"as-of":"2026-11-20"}
            """,
        ].map { Array($0.utf8) }
    }
}
