import Foundation
import Testing

/// A child at risk tonight: first the file, then the paperwork.
@Suite("An emergency", .timeLimit(.minutes(10)))
struct EmergencyJourneys {
    /// The urgent route as it is shipped, and with nothing said of why the law allows it.
    private static let sound = """
              gateways: [CA89-47, CA04-11]
              article-9: [A9-2-g]
              schedule-1: [S1-18]
              reason: c
            necessity: "Immediate
        """
    private static let bare = """
              gateways: []
              article-9: []
              schedule-1: []
            necessity: "Immediate
        """

    @Test("goes at once with tags missing, and is looked at afterwards, by a time that status knows")
    func goes() async throws {
        try await Scene.pair(isStarted: false) { scene in
            for agency in scene.agencies {
                try agency.amend(Self.sound, Self.bare)
                try await agency.start()
            }
            try await scene.sender.drop("now.txt", Data("now".utf8), for: scene.recipient, "urgent")
            try await scene.requireDelivered(["now.txt": Data("now".utf8)], "urgent")
            let review = try #require(try await scene.sender.awaitOwed("review", "open").first)
            // 24 hours as the route says, or noon of the next working day if that is sooner.
            try require(review.hours > 0 && review.hours <= 24, "it is due after \(review.hours) hours")
            let open = Set((review.facts?["deferred"] ?? "").split(separator: " ").map(String.init))
            try require(open.isSuperset(of: ["R-002", "R-020"]), "what was left open is \(open)")
            let status = try await scene.sender.status()
            try require(status.duties["review"]?.open == 1, "status counts \(status.duties)")
            try require(status.duties["review"]?.late == 0, "status calls it late: \(status.duties)")
            try await scene.sender.close("review", because: "The danger was real; the gateway is CA89-47.")
            try require(try await scene.sender.status().duties["review"] == nil, "status still asks for it")
            for agency in scene.agencies { try await agency.checkLedger() }
        }
    }

    @Test("may be declared beside one file on any route, in one line that the recipient and the reviewer read")
    func declared() async throws {
        try await Scene.pair { scene in
            let label = "emergency: { reason: \"The father is on his way to the school.\" }\nbasis: { gateways: [] }\n"
            try await scene.sender.drop("now.txt", Data("now".utf8), label: label, for: scene.recipient)
            try await scene.requireDelivered(["now.txt": Data("now".utf8)])
            let id = try await scene.sender.consignment("now.txt")
            let beside = try scene.recipient.sideCar(of: id, from: scene.sender)
            try require(beside.contains("The father is on his way to the school."), "it lost its reason: \(beside)")
            let review = try await scene.sender.awaitOwed("review", "open")
            try require(review.first?.facts?["deferred"]?.contains("R-002") == true, "what is open is \(review)")
        }
    }

    @Test("that nobody has looked at in time is late in status until somebody has")
    func late() async throws {
        try await Scene.pair(isStarted: false) { scene in
            for agency in scene.agencies {
                try agency.amend("review-within: PT24H", "review-within: PT1S")
                try await agency.start()
            }
            try await scene.sender.drop("now.txt", Data("now".utf8), for: scene.recipient, "urgent")
            try await scene.awaitDelivery(of: ["now.txt"], "urgent")
            try await Wait.until("status says that a review is late") {
                try await scene.sender.status().duties["review"]?.late == 1
            }
            let words = try await scene.sender.ask("status")
            try require(words.out.contains("1 LATE"), "a person does not see it: \(words)")
            try require(words.code == 1, "a program that watches does not see it: \(words)")
            let listed = try await scene.sender.asked("duties", "list", "--kind", "review")
            try require(listed.contains("LATE"), "the list does not say so: \(listed)")
            try await scene.sender.close("review", because: "Looked at.")
            let after = try await scene.sender.asked("status")
            try require(!after.contains("LATE"), "status still complains: \(after)")
        }
    }

    /// Gender Recognition Act 2004 s.22(4) has exceptions: this journey once expected the file to be blocked for ever,
    /// with a child in danger at the other end.
    @Test("passes a bar of law, and whoever reviews it reads in a sentence which exceptions there are")
    func barred() async throws {
        try await Scene.pair { scene in
            let label = "handling: { caveats: [gra-s22, hfea] }\n"
            try await scene.sender.drop("now.txt", Data("now".utf8), label: label, for: scene.recipient, "urgent")
            try await scene.requireDelivered(["now.txt": Data("now".utf8)], "urgent")
            let review = try await scene.sender.awaitOwed("review", "open")
            try require(review.first?.facts?["deferred"] == "R-013", "what is open is \(review)")
            let listed = try await scene.sender.asked("duties", "list")
            for words in ["protected gender recognition information", "GRA-22-4-f", "fertility treatment information"] {
                try require(listed.contains(words), "the reviewer does not read \(words): \(listed)")
            }
            // The neighbour: without haste a person decides.
            try await scene.sender.drop("later.txt", Data("later".utf8), label: label, for: scene.recipient)
            let note = try await scene.sender.whyHeld("later.txt", for: scene.recipient)
            try require(note.contains("Gender Recognition Act 2004 s.22"), "it does not name the Act: \(note)")
            let id = try await scene.sender.consignment("later.txt")
            _ = try await scene.sender.asked("release", id, "--because", "s.22(4)(j), advised by legal services.")
            try await scene.requireDelivered(["later.txt": Data("later".utf8)])
        }
    }

    @Test("of a licensed fertility centre stays where the 1990 Act binds it, and nobody can release it")
    func licensed() async throws {
        try await Scene.pair(settings: ["hartlepool": "licensed-fertility-centre: yes\n"]) { scene in
            let label = "handling: { caveats: [hfea] }\n"
            try await scene.sender.drop("now.txt", Data("now".utf8), label: label, for: scene.recipient, "urgent")
            let note = try await scene.sender.whyHeld("now.txt", for: scene.recipient, "urgent")
            try require(note.contains("BLOCKED") && note.contains("1990 s.33A"), "it does not say why: \(note)")
            try require(!note.contains("drop the file into the route `urgent`"), "it points in a circle: \(note)")
            let id = try await scene.sender.consignment("now.txt")
            let released = try await scene.sender.ask("release", id, "--because", "It is urgent.")
            try require(released.code != 0, "it was released: \(released)")
            try require(scene.recipient.received(from: scene.sender, "urgent").isEmpty, "it was sent")
            try require(try await scene.sender.owed("review").isEmpty, "a review is owed for what never went")
            // Others are not bound, in the other direction of the same pair.
            try await scene.recipient.drop("now.txt", Data("now".utf8), label: label, for: scene.sender, "urgent")
            try await scene.requireDelivered(
                ["now.txt": Data("now".utf8)], "urgent", from: scene.recipient, to: scene.sender)
        }
    }

    @Test("declared beside a file is heard, whatever else is wrong in the same label")
    func slip() async throws {
        try await Scene.pair { scene in
            let label = "emergency: { reason: \"He is at the door.\" }\ncategories: [pd-99]\nbasis: { gatways: [] }\n"
            try await scene.sender.drop("now.txt", Data("now".utf8), label: label, for: scene.recipient)
            try await scene.requireDelivered(["now.txt": Data("now".utf8)])
            let listed = try await scene.sender.asked("duties", "list")
            try require(listed.contains("pd-99") && listed.contains("gatways"), "the slips are not told: \(listed)")
            let quiet = "categories: [pd-99]\n"
            try await scene.sender.drop("later.txt", Data("later".utf8), label: quiet, for: scene.recipient)
            let note = try await scene.sender.whyHeld("later.txt", for: scene.recipient)
            try require(note.contains("pd-99"), "a slip without haste is not held: \(note)")
        }
    }
}
