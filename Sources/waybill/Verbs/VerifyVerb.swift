internal import ArgumentParser
internal import Exchange
internal import Foundation
internal import Premises
internal import Proofs
internal import Vocabulary

struct VerifyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a proof, or a set of them. Needs no installation, network or daemon.",
        discussion: """
            Without --identity the proof is checked against the identities inside it, which shows only that two keys \
            agree: compare both fingerprints with the agencies by another way. The last line is the verdict: PROVED, or \
            claimed by the prover where nobody else saw it. Ends with 1 if something does not hold, and names the first \
            such thing. The same in the same words with openssl alone: sh verify.sh, from Waybill's documentation.
            """)

    @Argument(help: "The folder of the proof or of the set, or its zip file.", completion: .file()) var folder: String
    @Option(help: "The delivered file: is it the one that the waybill describes?", completion: .file()) var file:
        String?
    @Option(help: "A fingerprint that you know to be one of theirs, or a PEM file of the identity; may be given again.")
    var identity: [String] = []
    @Option(help: "An agency's newest card, from the agency itself: it names retired keys.", completion: .file())
    var card: [String] = []
    @Option(
        help: "A time authority's certificate (PEM) from the authority itself: without it no time stamp counts.",
        completion: .file())
    var authority: String?

    func run() async throws {
        var known = ProofKnown(
            pins: try identity.map(PinText.read), delivered: try file.map(FileDigest.of), stamps: StampsAtHand.check)
        known.authority = try authority.map { try FileSystem.read(InstalledAgency.absolute($0)) }
        known.cards = try card.map { try FileSystem.read(InstalledAgency.absolute($0)) }
        guard folder.hasSuffix(".zip"), try FileSystem.isRegular(InstalledAgency.absolute(folder)) else {
            return try check(folder, known)
        }
        let place = NSTemporaryDirectory() + "waybill-verify-" + UUID().uuidString
        let manager = FileManager.default
        try manager.createDirectory(
            atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? manager.removeItem(atPath: place) }
        try check(try Zip.unpack(InstalledAgency.absolute(folder), into: place), known)
    }

    private func check(_ path: String, _ known: ProofKnown) throws {
        let report: ProofReport
        do {
            report = ProofSet.isOne(path) ? try checkSet(path, known) : try checkOne(path, known)
        } catch {
            throw Trouble(
                "The proof cannot be read.", why: "\(error)", fix: "Name the folder that holds SHA256SUMS.p7s.")
        }
        ProofWords.conclude(report)
        if !report.holds { throw Answer.no }
    }

    private func checkOne(_ path: String, _ known: ProofKnown) throws(ProofTrouble) -> ProofReport {
        let report = ProofVerifier.verify(try ProofFiles(folder: path), known)
        for line in report.lines where line.verdict != .fails { ProofWords.show(line) }
        return report
    }

    /// A line for each proof of a set.
    private func checkSet(_ path: String, _ known: ProofKnown) throws(ProofTrouble) -> ProofReport {
        try ProofSet.verify(path, known) { ProofWords.show($0) }
    }
}
