import Foundation
import Testing

/// Files that wait for a person.
@Suite("A held file", .timeLimit(.minutes(10)))
struct HeldJourneys {
    /// Not a party to the shipped agreement: what is for them is held.
    static let stranger = "durham-police"

    @Test("is shown with its reason, goes when it is released, and carries who released it")
    func release() async throws {
        try await Scene.pair(["hartlepool", Self.stranger]) { scene in
            let id = try await hold("plan.pdf", scene)
            let released = try await scene.sender.ask(
                "release", id, "--because", "Agreed by telephone with their lead.")
            try require(released.code == 0, "\(released)")
            try await scene.awaitDelivery(of: ["plan.pdf"])
            // No agreement of the two knows the route that it came on.
            let inbox = scene.recipient.received(from: scene.sender, "unknown-route")
            try require(inbox == ["plan.pdf"], "the inbox holds \(inbox)")
            try await scene.requireNothingLeft()
            try require(
                !scene.sender.held(for: scene.recipient).contains { $0.contains("plan.pdf") },
                "held/ still has \(scene.sender.held(for: scene.recipient))")
        }
    }

    @Test("stays with the decision beside it when it is rejected, and nothing of it leaves")
    func reject() async throws {
        try await Scene.pair(["hartlepool", Self.stranger]) { scene in
            let id = try await hold("plan.pdf", scene)
            let rejected = try await scene.sender.ask("reject", id, "--because", "Not needed for the review.")
            try require(rejected.code == 0, "\(rejected)")
            let held = scene.sender.held(for: scene.recipient)
            try require(held.contains { $0.hasSuffix("/plan.pdf") }, "the file is gone: \(held)")
            try require(held.contains { $0.hasSuffix("/plan.pdf.rejected.txt") }, "no note says so: \(held)")
            try require(try await scene.sender.ledger().map(\.state) == ["rejected"], "the ledger does not say so")
            let again = try await scene.sender.ask("release", id, "--because", "Second thoughts.")
            try require(again.code != 0, "a rejected file was released: \(again)")
            try require(scene.recipient.received(from: scene.sender).isEmpty, "it was sent all the same")
            try await scene.requireNothingLeft()
        }
    }

    private func hold(_ name: String, _ scene: Scene) async throws -> String {
        try await scene.sender.drop(name, Data("plan".utf8), for: scene.recipient)
        try await Wait.until("the reason lies in held/") {
            let names = scene.sender.held(for: scene.recipient)
            return names.contains { $0.hasSuffix("/\(name).why.txt") } && names.contains { $0.hasSuffix("/\(name)") }
        }
        let listed = try await scene.sender.asked("held", "list", "--json")
        try require(listed.contains("R-011"), "the list names no rule: \(listed)")
        let row = try #require(try await scene.sender.ledger("--state", "held").first)
        return row.id
    }
}
