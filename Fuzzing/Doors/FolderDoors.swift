import Envelope
@testable import Exchange
import Folders
import Law
import Ledger
import Policy
@testable import Proofs
@testable import TransportFolder
import Vocabulary

extension Door {
    /// A proof that somebody hands us: `FileBundle` of files. As it is verified, and as if its prover had signed anything.
    static let proof = Door("proof", longest: 49_152, share: 5) { bytes in
        let files = try ProofFiles(FileBundle(parsing: bytes).files)
        let reports = [
            ProofVerifier.verify(files), ProofVerifier.examine(files, ProofKnown(), provedAt: Seeds.now),
        ]
        for report in reports {
            for line in report.lines { try promisePlain(line.text, lines: false, "a line of a report") }
        }
        guard reports[1].failure == nil else { throw Refused() }
    }

    /// Names that a partner chose: of files, on a share, in a proof, in a statement.
    static let names = Door("names", longest: 512, share: 30) { bytes in
        let names = bytes.split(separator: 0).prefix(16).compactMap { FileName(bytes: $0) }
        let page = FolderPages.Page(names: Array(names), isWhole: true)
        let listing = Listing(page)
        try promise(listing.consignments.count <= names.count, "nothing is listed that is not there")
        for stem in StatementListing(names).untaken { _ = try FolderRoad.fileName(stem + ".p7s") }
        for text in names.compactMap(\.text) { try look(at: text) }
        try look(at: String(decoding: bytes, as: UTF8.self))
        _ = try? ProofSums.parse(bytes)
        guard !names.isEmpty else { throw Refused() }
    }

    private static func look(at text: String) throws {
        let safe = SafeName.forInbox(text)
        try promise(FileName(safe) != nil, "every file has a name in the inbox")
        try promise(SafeName.forInbox(safe).utf8.elementsEqual(safe.utf8), "a safe name stays as it is")
        try promisePlain(safe, lines: false, "a name in the inbox")
        try promise(FileName(SafeName.numbered(safe, 99)) != nil, "so has the ninety-ninth of its name")
        try promise(FileName(SafeName.note(safe, suffix: ".receipt.txt")) != nil, "so has its note")
        try promisePlain(PlainText.cleaned(text, .line), lines: false, "a cleaned text")
        try same(try? AgencyID(text).text, text)
        try same(try? ConsignmentID(text).text, text)
        try same(try? Instant(text).description, text)
        try same(try? CalendarDate(text).description, text)
        try same(WitnessFiles(request: text).flatMap { try? $0.request().text }, text)
        try same(ProofName.leafNumber(text).map { ProofName.entry($0, .leaf) }, text)
        try same(ProofName.laterNumber(text).map { ProofName.later($0) }, text)
        for side in ProofName.Side.allCases {
            try same(ProofName.cardNumber(text, side).map { ProofName.card(side, $0) }, text)
        }
        _ = ProofName.isAllowed(text)
    }

    private static func same(_ written: String?, _ read: String) throws(Broken) {
        guard let written else { return }
        try promise(written.utf8.elementsEqual(read.utf8), "a name is written back as it was read")
    }

    /// What people write and hand on to each other: labels beside files, agreements, catalogues, words.
    static let document = Door("document", longest: 4096, share: 15) { bytes in
        let sideCar = SideCarReader.read(bytes, file: "label.yaml")
        try look(at: sideCar.problems)
        if let reason = SideCarReader.emergencyAlone(bytes)?.emergency {
            try promisePlain(reason, lines: true, "the reason of an emergency")
        }
        let agreement = AgreementReader.read(bytes, file: "a.yaml", sha256: Seeds.law, catalogue: Seeds.catalogue)
        try look(at: agreement.problems)
        try look(at: CatalogueReader.read(bytes, file: "c.yaml", sha256: Seeds.law).problems)
        try look(at: LexiconReader.read(bytes, file: "w.yaml").problems)
        guard sideCar.value != nil || agreement.value != nil else { throw Refused() }
    }

    private static func look(at problems: [SettingsProblem]) throws {
        for problem in problems.prefix(20) {
            try promisePlain(problem.description, lines: false, "what is told of a mistake")
        }
    }
}
