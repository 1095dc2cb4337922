import Folders
import Testing

@Suite("Names of drops")
struct DropNameTests {
    @Test(
        "hidden and unfinished names are never taken",
        arguments: [
            ".x", "~x", "~$plan.docx", ".~lock.plan.odt#", "a.part", "a.tmp", "a.filepart", "a.crdownload", "A.PART",
            ".part", "big.mp4.a1b2c3d4.partial", "a.!qB", "a.!ut", "a.bc!", "a.download", "a.opdownload", "a.aria2",
            "a.temp",
            "a.unfinished", "a.incomplete", "a.pdf.tmp.4711", "a.tmp-12", "a.swp", "a.swo", "a~", "#a#", "Thumbs.db",
            "THUMBS.DB", "ehthumbs.db", "Desktop.ini", "minutes.pdf:Zone.Identifier",
            "minutes.pdf\u{f03a}Zone.Identifier",
            "minutes.pdf:com.apple.quarantine", ".DS_Store", "._a.pdf", "Icon\r", ".#a.txt", "~WRL0003.tmp", "@eaDir",
            "a.laccdb", ".work",
        ])
    func ignored(_ name: String) throws {
        #expect(DropName.isIgnored(try .of(name)))
    }

    @Test(
        "other names are",
        arguments: [
            "a", "a.part.pdf", "part", "tmp", "a.tmpl", "$a", "-", "a.label.yaml", "report.template",
            "temperature.csv", "a.parts", "desktop.ini.txt", "Thumbs.db.pdf", "a.tmp.pdf", "a.download.pdf", "Icon",
            "#1 minutes",
            "#", "a#", "Zone.Identifier", "a:b", "part1.rar", "a.part1", "x.st", "a.not-sent.txt", "a.tmp2x",
        ])
    func taken(_ name: String) throws {
        #expect(!DropName.isIgnored(try .of(name)))
    }

    @Test("a side-car names its file")
    func sidecar() throws {
        #expect(DropName.file(ofSidecar: try .of("a.pdf.label.yaml")) == (try .of("a.pdf")))
        #expect(DropName.file(ofSidecar: try .of("a.pdf.Label.JSON")) == (try .of("a.pdf")))
        #expect(DropName.file(ofSidecar: try .of("a.pdf")) == nil)
        #expect(DropName.isSidecar(try .of(".label.yaml")))
        #expect(DropName.file(ofSidecar: try .of(".label.yaml")) == nil)
        #expect(DropName.sidecars(of: try .of("a")).map(\.text) == ["a.label.yaml", "a.label.json"])
    }

    @Test("a side-car's name that would be too long does not exist")
    func longSidecar() throws {
        #expect(DropName.sidecars(of: try .of(String(repeating: "a", count: 250))).isEmpty)
    }

    @Test("the marks of open documents")
    func marks() throws {
        let marks = DropName.ownerMarks(of: try .of("strategy.docx")).map(\.text)
        let word = ["~$strategy.docx", "~$trategy.docx", "~$rategy.docx"]
        #expect(marks == word + [".~lock.strategy.docx#", ".#strategy.docx"])
        #expect(DropName.ownerMarks(of: try .of("cases.accdb")).map(\.text).contains("cases.laccdb"))
    }
}
