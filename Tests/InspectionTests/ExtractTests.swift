import Foundation
import Testing

@testable import Inspection

/// What this machine has, found once.
let machine = Toolbox.find()

func has(_ extractor: Extractor) -> Bool { machine.programs[extractor] != nil && machine.confinement != nil }

/// Reads `bytes` as a file of this kind.
func look(
    _ bytes: [UInt8], _ fileExtension: String, mediaType: String = "application/octet-stream",
    toolbox: Toolbox = machine,
    limits: Limits = Limits()
) throws -> (outcome: Inspection.Outcome, text: String) {
    let scratch = try Scratch()
    let source = FileSource(file: try opened(try scratch.write(bytes)), size: Int64(bytes.count))
    let stream = TextStream(
        source: source, toolbox: toolbox, limits: limits, budget: Budget(limits.time(for: source.size)))
    var recorder = Recorder()
    let format = Format(
        head: source.head(Format.headLength), mediaType: mediaType, fileExtension: fileExtension)
    let outcome = stream.read(format, into: &recorder)
    return (outcome, recorder.trimmed)
}

@Suite struct ExtractTests {
    // MARK: PDF

    @Test("the text of a PDF is read, its pages parted", .enabled(if: has(.pdf), "needs poppler-utils"))
    func pdf() throws {
        let (outcome, text) = try look(Fixture.pdf(["NHS number 999 000 0018", "second page"]), "pdf")
        #expect(outcome == .checked)
        #expect(text.contains("NHS number 999 000 0018"))
        #expect(text.contains("|second page"))
    }

    @Test("a PDF with a page of pictures is checked in part", .enabled(if: has(.pdf), "needs poppler-utils"))
    func scannedPage() throws {
        let outcome = try look(Fixture.pdf(["words", "", "more words"]), "pdf").outcome
        #expect(outcome == .partly("one page holds no text, only a picture perhaps"))
    }

    @Test(
        "a Word document of words alone is checked, whatever the case of its parts' names",
        .enabled(if: has(.office), "needs libarchive-tools"))
    func plainWord() throws {
        let bytes = Fixture.zip([
            ("[Content_Types].xml", "<Types/>"),
            ("word/document.XML", "<?xml version=\"1.0\"?><w:document><w:t>plain words</w:t></w:document>"),
        ])
        let (outcome, text) = try look(bytes, "docx")
        #expect(outcome == .checked)
        #expect(text.contains("plain words"))
    }

    @Test("a PDF without text is not checked", .enabled(if: has(.pdf), "needs poppler-utils"))
    func emptyPDF() throws {
        #expect(try look(Fixture.pdf([""]), "pdf").outcome == .notChecked("it holds no text, only pictures"))
    }

    @Test("a PDF with a password is not checked", .enabled(if: has(.pdf), "needs poppler-utils"))
    func lockedPDF() throws {
        let zeros = String(repeating: "00", count: 32)
        let lock = "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<\(zeros)>/U<\(zeros)>>>"
        let outcome = try look(Fixture.pdf(["secret"], extra: lock), "pdf").outcome
        #expect(outcome == .notChecked(Extractor.pdf.failed))
    }

    @Test("what only begins like a PDF is not checked", .enabled(if: has(.pdf), "needs poppler-utils"))
    func damagedPDF() throws {
        let bytes = Array("%PDF-1.4\n".utf8) + (0..<5000).map { _ in UInt8.random(in: 0...255) }
        guard case .notChecked = try look(bytes, "txt").outcome else {
            Issue.record("a damaged PDF was checked")
            return
        }
    }

    // MARK: Office

    @Test("the text of a Word document is read", .enabled(if: has(.office), "needs libarchive-tools"))
    func docx() throws {
        let document = """
            <?xml version="1.0"?><w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>NHS num</w:t></w:r><w:r><w:t>ber 999 000\
             0018</w:t></w:r></w:p></w:body></w:document>
            """
        let bytes = Fixture.zip([
            ("[Content_Types].xml", "<Types/>"), ("word/document.xml", document), ("word/media/a.png", "picture"),
            ("word/footer1.xml", "<?xml version=\"1.0\"?><w:ftr><w:t>footer</w:t></w:ftr>"),
        ])
        // Whatever it is called: the archive says what it is.
        for name in ["docx", "dat"] {
            let (outcome, text) = try look(bytes, name)
            #expect(outcome == .partly("pictures or files inside it are not read"))
            #expect(text.contains("NHS number 999 000 0018"))
            #expect(text.contains("|footer"))
            #expect(!text.contains("picture"))
        }
    }

    @Test("the cells of a spreadsheet are read and parted", .enabled(if: has(.office), "needs libarchive-tools"))
    func sheets() throws {
        let shared = "<sst><si><t>Name</t></si><si><r><t>Sm</t></r><r><t>ith</t></r></si></sst>"
        let sheet =
            "<worksheet><row><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\"><v>9990000018</v></c></row></worksheet>"
        let xlsx = Fixture.zip([("xl/sharedStrings.xml", shared), ("xl/worksheets/sheet1.xml", sheet)])
        #expect(try look(xlsx, "xlsx") == (.checked, "Name|Smith|0|9990000018"))
        let content = """
            <table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>999 000 0018</text:p>\
            </table:table-cell>
            """
        let ods = Fixture.zip([
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content),
        ])
        let (outcome, text) = try look(ods, "unknown")
        #expect(outcome == .checked)
        #expect(text.split(whereSeparator: { $0 == "|" || $0 == "\n" }) == ["Name", "999 000 0018"])
    }

    @Test(
        "a damaged document is read as far as it goes or not at all",
        .enabled(if: has(.office), "needs libarchive-tools"))
    func damagedOffice() throws {
        let long = String(repeating: "<w:p><w:t>text</w:t></w:p>", count: 10_000)
        let whole = Fixture.zip([("word/document.xml", long)])
        #expect(try look(Array(whole.prefix(40)), "docx").outcome == .notChecked(Extractor.office.failed))
        let half = try look(Array(whole.prefix(whole.count / 2)), "docx")
        #expect(half.outcome == .partly(Extractor.office.failed))
        #expect(half.text.contains("text"))
    }

    @Test(
        "an archive that grows without measure is read to the limit",
        .enabled(if: has(.office), "needs libarchive-tools"))
    func bomb() throws {
        var limits = Limits()
        limits.text = 1 << 20
        let text = String(repeating: "<w:p/>a", count: 1 << 18)
        let (outcome, read) = try look(Fixture.zip([("word/document.xml", text)]), "docx", limits: limits)
        #expect(outcome == .partly("only the first 1 MiB of its text are read"))
        #expect(read.utf8.count <= 1 << 20)
    }

    @Test("the cells of an old spreadsheet are read", .enabled(if: has(.oldSheet), "needs catdoc"))
    func xls() throws {
        let (outcome, text) = try look(Fixture.xls(["NHS number", "999 000 0018"]), "xls")
        #expect(outcome == .checked)
        #expect(text.contains("NHS number|999 000 0018"))
    }

    @Test("the text of an old document and of old slides is read", .enabled(if: has(.oldWord), "needs catdoc"))
    func docAndSlides() throws {
        let (outcome, text) = try look(Fixture.doc("NHS number 999 000 0018\rSmith\r"), "doc")
        #expect(outcome == .checked)
        #expect(text.contains("NHS number 999 000 0018"))
        #expect(text.contains("Smith"))
        let slides = try look(Fixture.ppt("strategy meeting"), "ppt")
        #expect(slides.outcome == .checked)
        #expect(slides.text.contains("strategy meeting"))
    }

    // MARK: What is not read

    /// A file and the sentence that is said of it.
    struct Closed: CustomTestStringConvertible {
        let bytes: [UInt8]
        let name: String
        var type = "application/octet-stream"
        let why: String

        var testDescription: String { "\(name): \(why)" }
    }

    @Test(
        "without its extractor a file is not checked, and the sentence names the package",
        arguments: [
            Closed(
                bytes: Fixture.pdf(["a"]), name: "pdf",
                why: "no pdftotext is installed: apt-get install poppler-utils"),
            Closed(
                bytes: Fixture.zip([("word/document.xml", "a")]), name: "docx",
                why: "no bsdtar is installed: apt-get install libarchive-tools"),
            Closed(bytes: Fixture.xls(["a"]), name: "xls", why: "no xls2csv is installed: apt-get install catdoc"),
        ])
    func missing(_ file: Closed) throws {
        let empty = Toolbox(programs: [:], confinement: machine.confinement)
        #expect(try look(file.bytes, file.name, toolbox: empty).outcome == .notChecked(file.why))
        #expect(empty.missing.contains(file.why) || machine.confinement == nil)
    }

    @Test("where nothing can be confined no extractor runs")
    func unconfined() throws {
        let toolbox = Toolbox(programs: [.pdf: "/bin/cat"], confinement: nil)
        let outcome = try look(Fixture.pdf(["a"]), "pdf", toolbox: toolbox).outcome
        #expect(outcome == .notChecked("extractors cannot be confined on this machine: apt-get install util-linux"))
    }

    @Test(
        "pictures, archives, Outlook messages and locked documents are not checked, each with its reason",
        arguments: [
            Closed(bytes: [0xFF, 0xD8, 0xFF, 0xE0], name: "jpg", type: "image/jpeg", why: "pictures are not read"),
            Closed(bytes: [0, 0, 0, 0x18, 0x66], name: "mp4", type: "video/mp4", why: "videos are not read"),
            Closed(bytes: Array("ID3".utf8), name: "mp3", type: "audio/mpeg", why: "sound is not read"),
            Closed(
                bytes: Fixture.zip([("a.txt", "a")]), name: "zip", type: "application/zip",
                why: "archives are not opened"),
            Closed(bytes: Fixture.xls(["a"]), name: "msg", why: "Outlook messages are not read: save it as .eml"),
            Closed(bytes: Fixture.xls(["a"]), name: "docx", why: "the document is locked with a password"),
            Closed(bytes: [1, 2, 3, 0, 5], name: "bin", why: "this kind of file is not read"),
            Closed(bytes: [1, 2, 3, 0, 5], name: "txt", type: "text/plain", why: "this kind of file is not read"),
        ])
    func closed(_ file: Closed) throws {
        #expect(try look(file.bytes, file.name, mediaType: file.type).outcome == .notChecked(file.why))
    }

    // MARK: What is text

    @Test(
        "what a file begins with decides, its name only where that leaves a choice",
        arguments: [
            ("a,b\n1,\"2,3\"", "csv", "a|b|1|2,3"), ("a,b\n1", "txt", "a,b\n1"), ("{\"a\":1}", "json", "a: 1"),
            ("{\"a\":1}", "txt", "{\"a\":1}"), ("<!DOCTYPE HTML><p>a<p>b", "txt", "a|b"),
            ("<?xml version='1.0'?><a>b</a>", "dat", "a: b"),
            ("{\\rtf1 a\\par b}", "doc", "a\nb"), ("Subject: a\n\nb", "eml", "subject: a|b"), ("", "txt", ""),
            ("\u{FEFF}a", "txt", "a"), ("Received: x\nMIME-Version: 1.0\nSubject: s\n\nb", "", "subject: s|b"),
        ])
    func formats(_ content: String, _ name: String, _ expected: String) throws {
        #expect(try look(Array(content.utf8), name) == (.checked, expected))
    }

    @Test("UTF-16 with its mark is read, as text, as a table and as XML")
    func wide() throws {
        func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } }
        #expect(try look(wide("\u{FEFF}Zoë"), "txt") == (.checked, "Zoë"))
        #expect(try look(wide("\u{FEFF}a,ë"), "csv") == (.checked, "a|ë"))
        #expect(try look(wide("<?xml version='1.0'?><a>ë</a>"), "txt") == (.checked, "a: ë"))
    }

    @Test("attachments that are no text make the check a part of one")
    func attachments() throws {
        #expect(try look(MailReaderTests.message, "eml").outcome == .partly("one attachment is not read"))
    }
}
