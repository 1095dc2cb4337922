internal import Folders

/// A program that prints the text of a kind of file that it reads from its standard input. Arguments are these constants:
/// nothing that a partner chose stands on a command line.
enum Extractor: String, CaseIterable, Sendable {
    case pdf = "pdftotext"
    /// Office Open XML and OpenDocument: archives of XML parts.
    case office = "bsdtar"
    case oldWord = "catdoc"
    case oldSheet = "xls2csv"
    case oldSlides = "catppt"

    /// The Debian package that has it.
    var package: String {
        switch self {
        case .pdf: "poppler-utils"
        case .office: "libarchive-tools"
        case .oldWord, .oldSheet, .oldSlides: "catdoc"
        }
    }

    /// Programs that jump about in the file open their input again by this name, which the kernel resolves for them:
    /// pdftotext given `-` would hold the whole file in memory.
    private static let input = "/proc/self/fd/0"

    var arguments: [String] {
        switch self {
        case .pdf: ["-q", "-enc", "UTF-8", Self.input, "-"]
        case .office: ["-x", "-O", "-f", "-", "*.[xX][mM][lL]"]
        case .oldWord: ["-d", "utf-8", "-w", Self.input]
        case .oldSheet, .oldSlides: ["-d", "utf-8", Self.input]
        }
    }

    /// Lists what an archive holds; nil where there is nothing to list. Folders of these names hold what is not read.
    var listing: [String]? { self == .office ? ["-t", "-f", "-"] : nil }
    static let unread = ["media/", "embeddings/", "pictures/", "objectreplacements/", "activex/"]

    /// What reads what it prints.
    var reader: LeafReader {
        switch self {
        case .pdf, .oldWord, .oldSlides: .plain()
        case .office: .markup(.office)
        case .oldSheet: .table(UInt8(ascii: ","))
        }
    }

    /// Its exit status says no more, and what it writes for people may hold what the file holds.
    var failed: String { "\(rawValue) could not read it: damaged, locked with a password, or beyond the limits" }

    var missing: String { "no \(rawValue) is installed: apt-get install \(package)" }
}

/// What this machine has to look into files with. Found once, at the start.
package struct Toolbox: Sendable {
    let programs: [Extractor: String]
    package let confinement: Confinement?

    init(programs: [Extractor: String], confinement: Confinement?) {
        self.programs = programs
        self.confinement = confinement
    }

    /// Looks in Debian's folder only, whatever PATH says. Blocks for some milliseconds.
    package static func find() -> Toolbox {
        let folder = "/usr/bin/"
        let there = Extractor.allCases.filter { Subprocess.isProgram(folder + $0.rawValue) }
        return Toolbox(
            programs: Dictionary(uniqueKeysWithValues: there.map { ($0, folder + $0.rawValue) }),
            confinement: Confinement.find())
    }

    /// What cannot be looked into for want of a program, a sentence each, for `waybill check`.
    package var missing: [String] {
        guard confinement != nil else { return [Self.noConfinement] }
        return Extractor.allCases.filter { programs[$0] == nil }.map(\.missing)
    }

    static let noConfinement = "extractors cannot be confined on this machine: apt-get install util-linux"
}
