import Folders
import Testing

@Suite("Names of drops")
struct DropNameTests {
    @Test(
        "hidden and unfinished names are never taken",
        arguments: [
            ".x", "~x", "~$plan.docx", ".~lock.plan.odt#", "a.part", "a.tmp", "a.filepart", "a.crdownload", "A.PART",
            ".part",
        ])
    func ignored(_ name: String) throws {
        #expect(DropName.isIgnored(try .of(name)))
    }

    @Test("other names are", arguments: ["a", "a.part.pdf", "part", "tmp", "a~", "a.tmpl", "$a", "-", "a.label.yaml"])
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
        #expect(marks == ["~$strategy.docx", "~$rategy.docx", ".~lock.strategy.docx#"])
    }
}
