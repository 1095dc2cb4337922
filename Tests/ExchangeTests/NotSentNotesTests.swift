import Folders
import Foundation
import Testing
import Vocabulary

@testable import Exchange

/// The notes beside what does not go.
@Suite(.timeLimit(.minutes(5)))
struct NotSentNotesTests {
    let path: String
    let folder: Folder
    let word = NotSentNotes.Word(why: "Folders are not sent", remedy: "put the files here")

    init() throws {
        path = "/var/tmp/waybill-notes-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        folder = try Folder.make(path, mode: 0o700)
    }

    private var names: [String] { get throws { try folder.entries().map { $0.text ?? "?" }.sorted() } }
    private var notes: [FileName] { get throws { try folder.entries().filter { OurNote.isOne($0, in: folder) } } }
    private func name(_ text: String) throws -> FileName { try #require(FileName(text)) }

    private func look(_ told: NotSentNotes, _ wanted: [FileName], young: Set<FileName> = []) throws {
        let words = Dictionary(wanted.map { ($0, word) }) { $1 }
        told.found(words, young: young, notes: try notes, in: folder, of: "a/b")
    }

    private func withFolder(_ body: () throws -> Void) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body()
    }

    @Test("a note comes with its reason and goes with it; contacts are named")
    func comesAndGoes() throws {
        try withFolder {
            let contact = Contacts.Contact(name: "Duty desk", telephone: "01429 000000")
            let told = NotSentNotes(contacts: { Contacts(outOfHours: contact) })
            try look(told, [name("Case 1234")])
            #expect(try names == ["Case 1234.not-sent.txt"])
            let text = try String(contentsOfFile: "\(path)/Case 1234.not-sent.txt", encoding: .utf8)
            #expect(text.contains("999. Then Duty desk, 01429 000000."))
            #expect(text.contains("Put the files here."))
            try look(told, [])
            #expect(try names.isEmpty)
        }
    }

    @Test("names that nobody can print have notes that anybody can, each its own")
    func oldEncoding() throws {
        try withFolder {
            let told = NotSentNotes()
            let bad = [[0x62, 0xe9, 0x64], [0x62, 0xe8, 0x64], [0x61, 0x0a, 0x62]].compactMap { FileName(bytes: $0) }
            try look(told, bad + [name(String(repeating: "\u{e4}", count: 127)), name("exe\u{202e}fdp.txt")])
            #expect(try notes.count == 5)
            #expect(try notes.allSatisfy { $0.text?.unicodeScalars.contains("\u{202e}") == false })
            try look(told, [])
            #expect(try names.isEmpty)
        }
    }

    @Test("a person's own file of that name, and a link there, are left as they are")
    func strangers() throws {
        try withFolder {
            try "by Ann".write(toFile: "\(path)/a.not-sent.txt", atomically: false, encoding: .utf8)
            try "elsewhere".write(toFile: "\(path)/target", atomically: false, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: "\(path)/b.not-sent.txt", withDestinationPath: "\(path)/target")
            let told = NotSentNotes()
            try look(told, [name("a"), name("b")])
            #expect(
                try names == ["a (2).not-sent.txt", "a.not-sent.txt", "b (2).not-sent.txt", "b.not-sent.txt", "target"])
            try look(told, [])
            #expect(try String(contentsOfFile: "\(path)/a.not-sent.txt", encoding: .utf8) == "by Ann")
            #expect(try String(contentsOfFile: "\(path)/target", encoding: .utf8) == "elsewhere")
            #expect(try names == ["a.not-sent.txt", "b.not-sent.txt", "target"])
        }
    }

    @Test("of very many fifty are told and the rest is counted, until they are mended")
    func many() throws {
        try withFolder {
            let told = NotSentNotes()
            let things = try (0..<120).map { try name("thing \($0)") }
            try look(told, things)
            #expect(try names.count == 51)
            let more = try String(contentsOfFile: "\(path)/\(NotSentNotes.summaryName)", encoding: .utf8)
            #expect(more.contains("70 more"))
            try look(told, Array(things.suffix(40)))
            #expect(try names.count == 40)
        }
    }

    @Test(
        "after a restart notes of what is mended go, those of what is not told yet stay, and one that was removed comes back"
    )
    func restart() throws {
        try withFolder {
            try look(NotSentNotes(), [name("mended"), name("still")])
            let told = NotSentNotes()
            try look(told, [], young: [name("still")])
            #expect(try names == ["still.not-sent.txt"])
            try look(told, [name("still")])
            #expect(try names == ["still.not-sent.txt"])
            try folder.remove(name("still.not-sent.txt"))
            try look(told, [name("still")])
            #expect(try names == ["still.not-sent.txt"])
        }
    }
}
