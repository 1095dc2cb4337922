import Foundation
import Testing

/// What happens every day.
@Suite("A routine delivery", .timeLimit(.minutes(10)))
struct RoutineJourneys {
    @Test("a file goes over, a receipt comes back, and both ledgers tell the same story")
    func routine() async throws {
        try await Scene.pair { scene in
            let minutes = try Files.random(300_000)
            try await scene.sender.drop("minutes.pdf", minutes, for: scene.recipient)
            try await scene.requireDelivered(["minutes.pdf": minutes])

            let original = scene.sender.sent(to: scene.recipient).first { $0.hasSuffix("/minutes.pdf") }
            try require(try original.map(Files.bytes) == minutes, "the original is not in sent/")
            for suffix in [".receipt.txt", ".receipt.p7s"] {
                try require(
                    scene.sender.sent(to: scene.recipient).contains { $0.hasSuffix("/minutes.pdf\(suffix)") },
                    "no \(suffix)")
            }
        }
    }

    @Test("a dropped file needs no side-car: beside what arrives stands why it may be shared, and both ledgers show it")
    func label() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("minutes.pdf", Data("minutes".utf8), for: scene.recipient)
            try await scene.awaitDelivery(of: ["minutes.pdf"])
            let id = try #require(try await scene.recipient.ledger().first?.id)
            let beside = try Files.bytes("\(scene.recipient.folder)/inbox/\(scene.sender.id)/.waybills/\(id).json")
            let told = try JSONDecoder().decode(Told.self, from: beside)
            try require(told.name == "minutes.pdf" && told.from == scene.sender.id, "name or sender are wrong: \(told)")
            try require(told.label.agreement.id == "tees-tier-2", "the agreement is \(told.label.agreement.id)")
            try require(told.label.purpose == "pu-3.1", "the purpose is \(told.label.purpose)")
            try require(told.label.categories.contains("pd-12"), "the categories are \(told.label.categories)")
            try require(told.label.basis.article6 == ["A6-1-e"], "the basis is \(told.label.basis)")
            try require(told.label.basis.article9 == ["A9-2-g"], "the basis is \(told.label.basis)")
            try require(told.label.basis.gateways == ["CA89-47"], "the gateways are \(told.label.basis)")
            try require(told.label.route == Agency.usualRoute, "the route is \(told.label.route)")
            for agency in scene.agencies { try await requireShown(id, agency) }
        }
    }

    /// The label in words that somebody who knows no id of the catalogue can read.
    private func requireShown(_ id: String, _ agency: Agency) async throws {
        let shown = try await agency.asked("ledger", "show", id)
        let words = [
            "Protecting children from maltreatment", "tees-tier-2, version 2026-04, route strategy-meeting",
            "health information (sc-health)", "Section 47 enquiry", "s.47: enquiries into significant harm (CA89-47)",
            "Art 6(1)(e): public task (A6-1-e)",
        ]
        for word in words {
            try require(
                shown.contains(word), "ledger show of \(agency.id) lacks \(word): \(shown)")
        }
    }

    @Test("three agencies exchange files with each other at once")
    func three() async throws {
        try await Scene.trio { scene in
            for from in scene.agencies {
                for to in scene.agencies where to.id != from.id {
                    try await from.drop("from-\(from.id).txt", Data(to.id.utf8), for: to)
                }
            }
            for from in scene.agencies {
                for to in scene.agencies where to.id != from.id {
                    try await scene.requireDelivered(["from-\(from.id).txt": Data(to.id.utf8)], from: from, to: to)
                }
            }
        }
    }

    @Test("a file of one byte and one of 5 MiB and a byte arrive as they are")
    func sizes() async throws {
        try await Scene.pair { scene in
            let files = ["one.txt": Data("1".utf8), "large.bin": try Files.random(5 << 20 + 1)]
            for (name, bytes) in files { try await scene.sender.write(name, bytes, for: scene.recipient) }
            try await scene.requireDelivered(files)
        }
    }

    @Test("an empty file is held with its reason, and goes once a person has released it")
    func empty() async throws {
        try await Scene.pair { scene in
            try await scene.sender.write("empty.txt", Data(), for: scene.recipient)
            let note = try await scene.sender.whyHeld("empty.txt", for: scene.recipient)
            try require(note.contains("The file is empty: 0 bytes."), "it does not say so: \(note)")
            try require(note.hasPrefix("If a child is in danger now: 999."), "it does not begin so: \(note)")
            let id = try await scene.sender.consignment("empty.txt")
            _ = try await scene.sender.asked("release", id, "--because", "It is a marker.")
            try await scene.requireDelivered(["empty.txt": Data()])
        }
    }

    @Test("a name that a Mac wrote is found as it is typed, and the other way round")
    func composition() async throws {
        try await Scene.pair { scene in
            let (composed, apart) = ("Zo\u{eb} note.txt", "Zoe\u{308} list.txt")
            for name in [composed, apart] { try await scene.sender.drop(name, Data("1".utf8), for: scene.recipient) }
            try await scene.awaitDelivery(of: [composed, apart])
            for pattern in ["Zo\u{eb}*", "Zoe\u{308}*"] {
                let found = try await scene.sender.asked("ledger", "list", "--json", "--name", pattern)
                try require(found.split(separator: "\n").count == 2, "\(pattern.utf8.count) bytes found \(found)")
            }
        }
    }

    @Test("300 files at once: none is lost, none comes twice")
    func many() async throws {
        try await Scene.pair { scene in
            var files: [String: Data] = [:]
            for number in 1...300 { files["note-\(number).txt"] = Data("note \(number)".utf8) }
            for (name, bytes) in files { try await scene.sender.drop(name, bytes, for: scene.recipient) }
            try await scene.requireDelivered(files)
        }
    }

    @Test("a second file of a name that lies in the inbox is kept beside the first")
    func sameName() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("report.pdf", Data("first".utf8), for: scene.recipient)
            // As soon as the first was claimed there is room for the second, which then waits for its turn.
            try await Wait.until("the first was claimed") {
                Files.visible(in: scene.sender.outbox(scene.recipient)).isEmpty
            }
            try await scene.sender.drop("report.pdf", Data("second".utf8), for: scene.recipient)
            let inbox = scene.recipient.inbox(scene.sender)
            try await Wait.until("both are there") { scene.recipient.received(from: scene.sender).count == 2 }
            try require(
                scene.recipient.received(from: scene.sender) == ["report (2).pdf", "report.pdf"],
                "the inbox holds \(scene.recipient.received(from: scene.sender))")
            let texts = try ["report.pdf", "report (2).pdf"].map { try Files.bytes("\(inbox)/\($0)") }
            try require(
                texts == [Data("first".utf8), Data("second".utf8)], "they are not in the order of their dropping")
            try await Wait.until("both are receipted") {
                try await scene.sender.ledger("--state", "delivered").count == 2
            }
            try await scene.requireNothingLeft()
        }
    }

    @Test("the urgent route carries its emergency with it")
    func urgent() async throws {
        try await Scene.pair { scene in
            try await scene.sender.drop("now.txt", Data("now".utf8), for: scene.recipient, "urgent")
            try await scene.requireDelivered(["now.txt": Data("now".utf8)], "urgent")
            let id = try #require(try await scene.recipient.ledger().first?.id)
            let beside = try Files.bytes("\(scene.recipient.folder)/inbox/\(scene.sender.id)/.waybills/\(id).json")
            try require(
                try JSONDecoder().decode(Told.self, from: beside).label.emergency != nil, "it lost its emergency")
        }
    }

    /// `.waybills/ID.json`
    private struct Told: Decodable {
        struct Label: Decodable {
            struct Agreement: Decodable { let id: String }
            struct Basis: Decodable {
                let article6: [String]
                let article9: [String]
                let gateways: [String]
            }
            struct Emergency: Decodable { let reason: String }
            let agreement: Agreement
            let route: String
            let purpose: String
            let categories: [String]
            let basis: Basis
            let emergency: Emergency?
        }
        let name: String
        let from: String
        let label: Label
    }
}
