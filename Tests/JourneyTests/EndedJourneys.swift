import Foundation
import Testing

/// Organisations that are no more, and names under which nobody answers.
@Suite("An organisation that ended", .timeLimit(.minutes(10)))
struct EndedJourneys {
    @Test("gets nothing, urgent or not, and the notes name the folder of whoever does its work")
    func nothing() async throws {
        try await Scene.pair(["hartlepool", "dtv-crc", "probation-service"]) { scene in
            let (sender, gone, heir) = (scene.sender, scene.recipient, scene.agencies[2])
            for route in ["urgent", Agency.usualRoute] {
                try await sender.drop("\(route).txt", Data("now".utf8), for: gone, route)
                let note = try await sender.whyHeld("\(route).txt", for: gone, route)
                try require(note.contains("outbox/probation-service/\(route)"), "no folder is named: \(note)")
                try require(!note.contains("route `urgent`"), "it sends people in a circle: \(note)")
                try require(!note.contains("waybill release"), "it offers a release: \(note)")
                let id = try await sender.consignment("\(route).txt")
                let released = try await sender.ask("release", id, "--because", "It must go.")
                try require(released.code != 0, "it was released: \(released)")
                try await sender.drop("\(route).txt", Data("now".utf8), for: heir, route)
                try await scene.requireDelivered(["\(route).txt": Data("now".utf8)], route, from: sender, to: heir)
                try require(gone.received(from: sender, route).isEmpty, "something went to \(gone.id)")
            }
            let checked = try await sender.ask("check").out
            try require(checked.contains("organisation dtv-crc"), "check does not warn: \(checked)")
        }
    }

    @Test("is warned of when it is added or made, and a successor without a folder is to be telephoned")
    func warned() async throws {
        try await Scene.pair(["hartlepool", "dtv-crc"]) { scene in
            let added = try await scene.sender.ask(
                "partner", "add", "\(scene.recipient.folder)/desk/card", "--fingerprint", scene.recipient.fingerprint)
            try require(added.code == 0 && added.err.contains("ended on 2021-06-25"), "no warning: \(added)")
            try await scene.sender.drop("now.txt", Data("now".utf8), for: scene.recipient, "urgent")
            let note = try await scene.sender.whyHeld("now.txt", for: scene.recipient, "urgent")
            try require(note.contains("telephone") && note.contains("probation-service"), "whom now? \(note)")
            let made = try await Command.waybill([
                "init", "\(scene.scratch.path)/made", "--agency", "nps", "--name", "NPS", "--listen", "127.0.0.1:1",
            ])
            try require(made.code == 0 && made.err.contains("ended on 2021-06-25"), "init is silent: \(made)")
        }
    }

    @Test(
        "and a group that was never one: refused as agency and as partner; one that is there already gets urgent files")
    func group() async throws {
        try await Scene.pair { scene in
            let made = try await Command.waybill([
                "init", "\(scene.scratch.path)/made", "--agency", "gp-practices", "--name", "GPs", "--listen",
                "127.0.0.1:1",
            ])
            try require(made.code == 3 && made.err.contains("name the organisation itself"), "it was made: \(made)")
            // Before the catalogue called it a group.
            try scene.sender.callGroup(scene.recipient.id)
            _ = try await scene.sender.asked("reload")
            try await scene.sender.drop("now.txt", Data("now".utf8), for: scene.recipient, "urgent")
            try await scene.requireDelivered(["now.txt": Data("now".utf8)], "urgent")
            let checked = try await scene.sender.ask("check").out
            try require(checked.contains("name the organisation itself"), "check does not warn: \(checked)")
            let card = "\(scene.recipient.folder)/desk/card"
            let again = try await scene.sender.ask(
                "partner", "add", card, "--fingerprint", scene.recipient.fingerprint)
            try require(again.code == 0 && again.err.contains("name the organisation itself"), "\(again)")
            _ = try await scene.sender.asked("partner", "remove", scene.recipient.id)
            let anew = try await scene.sender.ask(
                "partner", "add", card, "--fingerprint", scene.recipient.fingerprint)
            try require(anew.code == 3 && anew.err.contains("name the organisation itself"), "it was added: \(anew)")
        }
    }
}

extension Agency {
    /// A later catalogue in which that partner is a group.
    fileprivate func callGroup(_ partner: String) throws {
        let old = "\(folder)/catalogue/catalogue-2026-11-30.yaml"
        let text = try String(contentsOfFile: old, encoding: .utf8)
        let changed = text.replacing("version: \"2026-11-30\"", with: "version: \"2099-01-01\"")
            .replacing("  - id: \(partner)\n", with: "  - id: \(partner)\n    open-group: true\n")
        try require(changed.contains("open-group: true\n    protocol-line"), "there is no row of \(partner)")
        try changed.write(toFile: "\(folder)/catalogue/catalogue-2099-01-01.yaml", atomically: true, encoding: .utf8)
    }
}
