internal import Policy
internal import Vocabulary

/// The pages of a proof that people read. Its prover writes them and could write anything: what can be made anew from the
/// statements is, and compared. The words of the prover's catalogue, which nobody else need have, stand apart.
struct ProofPages {
    private let files: ProofFiles
    private let known: ProofKnown
    private let provedAt: Instant

    init(_ files: ProofFiles, _ known: ProofKnown, provedAt: Instant) {
        (self.files, self.known, self.provedAt) = (files, known, provedAt)
    }

    static func readme(_ facts: ProofFacts) -> [UInt8] { Array(ProofReadme(facts).text.utf8) }
    static func record(_ facts: ProofFacts, _ law: ProofLaw) -> [UInt8] { Array(ProofRecord(facts, law).html.utf8) }

    /// Throws if a page says something else than the statements. Pages of the first form are not compared, nor where
    /// nobody reads time tokens.
    func check() throws(ProofFault) {
        guard files[ProofName.version] != nil, files[ProofName.token] == nil || known.stamps != nil else { return }
        // As the prover saw it: pages do not depend on what a reader knows.
        var theirs = ProofKnown(stamps: known.stamps)
        theirs.authority = known.authority
        guard let facts = ProofFacts(ProofVerifier.examine(files, theirs, provedAt: provedAt), provedAt: provedAt)
        else { return }
        try compare(ProofName.readme, files.require(ProofName.readme), Self.readme(facts))
        let shown = String(decoding: try files.require(ProofName.record), as: UTF8.self)
        let made = String(decoding: Self.record(facts, ProofLaw()), as: UTF8.self)
        guard let shown = ProofRecord.withoutWords(shown), let made = ProofRecord.withoutWords(made) else {
            throw Self.untrue(ProofName.record)
        }
        try compare(ProofName.record, Array(shown.utf8), Array(made.utf8))
    }

    private func compare(_ name: String, _ shown: [UInt8], _ made: [UInt8]) throws(ProofFault) {
        guard shown == made else { throw Self.untrue(name) }
    }

    private static func untrue(_ name: String) -> ProofFault {
        ProofFault(name, "says something else than the statements of this proof")
    }
}
