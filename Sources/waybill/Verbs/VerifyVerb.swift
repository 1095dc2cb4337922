internal import ArgumentParser
internal import Daemon
internal import Exchange
internal import Vocabulary

struct VerifyVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check a proof. Needs no installation, no network and no daemon.",
        discussion: """
            Without --identity the proof is checked against the identities inside it, which shows only that two keys \
            agree: compare both fingerprints with the agencies by another way. Ends with 1 if it is not verified, and names \
            the first thing that is wrong. The same with openssl alone: sh verify.sh, in the proof itself.
            """)

    @Argument(help: "The folder of the proof.", completion: .directory) var folder: String
    @Option(help: "The delivered file: is it the one that the waybill describes?", completion: .file()) var file:
        String?
    @Option(help: "A fingerprint that you know to be one of theirs, or a PEM file of the identity; may be given again.")
    var identity: [String] = []

    func run() async throws {
        let files: ProofFiles
        do { files = try ProofFiles(folder: folder) } catch {
            throw Trouble(
                "The proof cannot be read.", why: "\(error)", fix: "Name the folder that holds SHA256SUMS.p7s.")
        }
        let pins = try identity.map(PinText.read)
        let digest = try file.map(FileDigest.of)
        let report = ProofVerifier.verify(files, pins: pins, delivered: digest)
        ProofWords(report).show()
        if !report.holds { throw Answer.no }
    }
}
