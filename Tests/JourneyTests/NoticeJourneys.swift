import Foundation
import Testing

/// What a recipient owes the people in a file (UK GDPR 14).
@Suite("A notice", .timeLimit(.minutes(10)))
struct NoticeJourneys {
    private static let told = "CASE-1"
    private static let untold = "CASE-2"
    private static let two = """
        subjects:
          - { ref: CASE-1, role: child, informed: { status: yes, on: 2026-11-01 } }
          - { ref: CASE-2, role: parent }

        """

    @Test("is owed to each subject within a month, unless the sender told them")
    func opened() async throws {
        try await Scene.pair { scene in
            try await deliver(scene, label: Self.two)
            let all = try await scene.recipient.notices("--all")
            try require(all.map(\.subject).sorted() == [Self.told, Self.untold], "they are \(all)")
            let closed = try #require(all.first { $0.subject == Self.told })
            try require(closed.state == "closed" && closed.ground == "14-5-a", "who was told is \(closed)")
            try require(closed.senderInformedOn == "2026-11-01", "the day is lost: \(closed)")
            let open = try #require(all.first { $0.subject == Self.untold })
            try require(open.state == "open", "who was not told is \(open)")
            let soon = try await scene.recipient.notices("--due-within", "7d")
            try require(soon.isEmpty, "due within a week are \(soon)")
            try require(try await scene.recipient.notices("--due-within", "32d").count == 1, "a month is too long")
            try require(try await scene.sender.notices("--all").isEmpty, "the sender owes notices for what it sent")
        }
    }

    @Test("is deferred on a ground that passes, comes sooner with the first contact, and is closed with its evidence")
    func settled() async throws {
        try await Scene.pair { scene in
            try await deliver(scene, label: "subjects: [{ ref: CASE-2, role: child }]\n")
            let id = try #require(try await scene.recipient.notices().first?.id)
            try await refuse(scene, "close", id, "--ground", "14-5-f", because: "temporary")
            try await refuse(scene, "close", id, "--ground", "14-done", because: "--channel")
            let (soon, today) = (Self.day(after: 3), Self.day(after: 0))
            _ = try await scene.recipient.asked(
                "notices", "defer", id, "--ground", "14-5-f", "--until", Self.day(after: 20), "--because",
                "A parent would learn of the enquiry.", "--public-notice", "our web page on safeguarding")
            let deferred = try await scene.recipient.notices().first
            try require(deferred?.state == "deferred", "it is \(String(describing: deferred))")
            try require(deferred?.deferredUntil == Self.day(after: 20), "until \(String(describing: deferred))")

            _ = try await scene.recipient.asked("notices", "contact", id, "--on", soon)
            try require(try await scene.recipient.notices("--all").first?.due == soon, "contact moved nothing")
            _ = try await scene.recipient.asked(
                "notices", "close", id, "--ground", "14-done", "--on", today, "--channel", "letter", "--notice", "v3")
            let closed = try await scene.recipient.notices("--all").first
            try require(closed?.state == "closed" && closed?.ground == "14-done", "\(String(describing: closed))")
            try require(closed?.by?.hasPrefix("person:") == true, "nobody stands by it: \(String(describing: closed))")
            try await scene.recipient.checkLedger()
        }
    }

    @Test("is due at once when what is known of a person goes on to somebody else")
    func onward() async throws {
        try await Scene.trio { scene in
            let label = "subjects: [{ ref: CASE-2, role: child }]\n"
            try await deliver(scene, label: label)
            let other = scene.agencies[2]
            try await scene.recipient.drop("onward.txt", Data("plan".utf8), label: label, for: other)
            try await scene.awaitDelivery(of: ["onward.txt"], from: scene.recipient, to: other)
            let notice = try #require(try await scene.recipient.notices("--due-within", "0d").first)
            try require(notice.due == Self.day(after: 0), "it is due on \(notice.due)")
            try require(notice.why?.contains("disclosure") == true, "it does not say why: \(notice)")
            try require(try await other.notices().count == 1, "the third agency owes nothing")
        }
    }

    @Test("is not owed by the police for what they take under Part 3")
    func part3() async throws {
        try await Scene.pair { scene in
            let label = "subjects: [{ ref: CASE-2, role: suspect }, { ref: CASE-3, role: child }]\n"
            try await scene.sender.drop(
                "crime.txt", Data("plan".utf8), label: label, for: scene.recipient, "crime-report")
            try await scene.awaitDelivery(of: ["crime.txt"], "crime-report")
            try require(try await scene.recipient.notices("--all").isEmpty, "the police owe a notice under Part 3")
            // The same people, for the welfare of a child: under the UK GDPR like anybody else.
            try await deliver(scene, label: label)
            try require(try await scene.recipient.notices().count == 2, "the police owe none under the UK GDPR")
        }
    }

    private func deliver(_ scene: Scene, label: String) async throws {
        try await scene.sender.drop("plan.txt", Data("plan".utf8), label: label, for: scene.recipient)
        try await scene.awaitDelivery(of: ["plan.txt"])
    }

    private func refuse(_ scene: Scene, _ arguments: String..., because word: String) async throws {
        let refused = try await scene.recipient.ask(["notices"] + arguments)
        try require(refused.code == 3, "it was taken: \(refused)")
        try require(refused.err.contains(word), "the reason is not told: \(refused.err)")
    }

    /// A day in England, as the verbs write it.
    static func day(after days: Double) -> String {
        var style = Date.ISO8601FormatStyle.iso8601.year().month().day()
        style.timeZone = TimeZone(identifier: "Europe/London") ?? .gmt
        return Date(timeIntervalSinceNow: days * 86_400).formatted(style)
    }
}

/// A line of `waybill notices --json`.
struct NoticeRow: Decodable, Sendable {
    let id: String
    let subject: String
    let state: String
    let due: String
    let why: String?
    let deferredUntil: String?
    let ground: String?
    let by: String?
    let senderInformedOn: String?
}

extension Agency {
    func notices(_ filter: String...) async throws -> [NoticeRow] {
        try await rows(["notices", "list", "--json"] + filter)
    }
}
