internal import ArgumentParser
internal import Daemon
internal import Exchange
internal import Foundation
internal import Vocabulary

struct VerifyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a proof, or a set of them. Needs no installation, network or daemon.",
        discussion: """
            Without --identity the proof is checked against the identities inside it, which shows only that two keys \
            agree: compare both fingerprints with the agencies by another way. Ends with 1 if it is not verified, and names \
            the first thing that is wrong. The same with openssl alone: sh verify.sh, in the proof itself.
            """)

    @Argument(help: "The folder of the proof or of the set, or its zip file.", completion: .file()) var folder: String
    @Option(help: "The delivered file: is it the one that the waybill describes?", completion: .file()) var file:
        String?
    @Option(help: "A fingerprint that you know to be one of theirs, or a PEM file of the identity; may be given again.")
    var identity: [String] = []
    @Option(help: "The time authority's certificate (PEM) as you have it from the authority.", completion: .file())
    var authority: String?

    func run() async throws {
        var known = ProofKnown(
            pins: try identity.map(PinText.read), delivered: try file.map(FileDigest.of), stamps: StampsAtHand.check)
        known.authority = try authority.map { try FileSystem.read(Premises.absolute($0)) }
        guard folder.hasSuffix(".zip"), try FileSystem.isRegular(Premises.absolute(folder)) else {
            return try check(folder, known)
        }
        let place = NSTemporaryDirectory() + "waybill-verify-" + UUID().uuidString
        let manager = FileManager.default
        try manager.createDirectory(
            atPath: place, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? manager.removeItem(atPath: place) }
        try check(try Archive.unpack(Premises.absolute(folder), into: place), known)
    }

    private func check(_ path: String, _ known: ProofKnown) throws {
        let report: ProofReport
        do {
            report = ProofSet.isOne(path) ? try checkSet(path, known) : try checkOne(path, known)
        } catch {
            throw Trouble(
                "The proof cannot be read.", why: "\(error)", fix: "Name the folder that holds SHA256SUMS.p7s.")
        }
        if !report.holds { throw Answer.no }
    }

    private func checkOne(_ path: String, _ known: ProofKnown) throws(ProofTrouble) -> ProofReport {
        let report = ProofVerifier.verify(try ProofFiles(folder: path), known)
        ProofWords(report).show()
        return report
    }

    /// A line for each proof of a set.
    private func checkSet(_ path: String, _ known: ProofKnown) throws(ProofTrouble) -> ProofReport {
        guard known.delivered == nil else {
            throw .folder("--file names one file, and a set has many: name the folder of one proof in it")
        }
        var (count, pinned) = (0, 0)
        let report = try ProofSet.verify(path, known) { name, one in
            (count, pinned) = (count + 1, pinned + (one.isPinned ? 1 : 0))
            if one.holds { Terminal.say("\(name)  \(Terminal.clean(ProofWords.line(one)))") }
        }
        ProofWords.showSet(report, count: count, pinned: pinned)
        return report
    }
}
