internal import Envelope
internal import FoundationEssentials
package import Vocabulary

/// Many proofs in one folder, with an index. Each proof in it is whole and can be taken out and checked by itself.
///
///     README.txt  index.html  index.csv  verify.sh  prover.card
///     deliveries/0001-ID/...                      one proof each
///     SHA256SUMS                                  every file but these two, the list possibly long
///     SHA256SUMS.p7s                              one line, the digest of that list, signed by the prover
package enum ProofSet {
    package static let folder = "deliveries"
    package static let index = "index.html"
    package static let table = "index.csv"
    package static let readme = ProofName.readme
    package static let script = ProofName.script
    package static let card = ProofName.proverCard
    package static let sums = ProofName.sums
    package static let signature = ProofName.sumsSignature
    static let top = [readme, index, table, script, card]
    /// Bytes of a list: some hundred thousand deliveries.
    private static let greatestList = 1 << 30

    package static var verifyScript: [UInt8] { VerifyScript.bytes }

    /// What the prover signs of a set.
    package static func seal(_ sums: Digest) -> [UInt8] { Array("\(sums.hex)  \(ProofName.sums)\n".utf8) }

    package static func isOne(_ path: String) -> Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) != nil
    }

    /// Checks the list, then proof by proof, and tells each line when it is known. Ends at the first that does not hold.
    package static func verify(
        _ path: String, _ known: ProofKnown, tell: (ProofReport.Line) -> Void
    ) throws(ProofTrouble) -> ProofReport {
        var report = ProofReport()
        do {
            try verify(path, known, &report, tell)
        } catch let fault as ProofFault {
            report.add(.fails, fault.what, fault.why)
        } catch {
            report.add(.fails, path, "\(error)")
        }
        return report
    }

    private static func verify(
        _ path: String, _ known: ProofKnown, _ report: inout ProofReport, _ tell: (ProofReport.Line) -> Void
    ) throws {
        guard known.delivered == nil else {
            throw ProofFault("--file", "a set has many files: name the folder of one proof in it")
        }
        let (listed, prover) = try check(path)
        var known = known
        known.areOfMany = true
        let id = prover.card.id
        tell(.init(verdict: .fact, what: "", text: "prover     \(id), \(JSON.raw(prover.card.name))"))
        tell(.init(verdict: .fact, what: "", text: "           identity \(prover.identity.fingerprint.hex)"))
        tell(
            .init(
                verdict: .holds, what: sums,
                text: "lists every file of this set, and none has been changed since \(id) signed it."))
        var (claimed, isPinned) = (0, true)
        for name in listed.keys.sorted() {
            let one = try look(name, listed[name] ?? [:], path, known)
            if let failure = one.failure {
                throw ProofFault(name, "\(ProofReport.Verdict.fails.rawValue)\(failure.words)")
            }
            if !one.isProved { claimed += 1 }
            if !one.isPinned { isPinned = false }
            tell(.init(verdict: .holds, what: name, text: one.verdict))
        }
        tell(
            .init(
                verdict: .note, what: "\(index), \(table)",
                text: "are claimed by the prover: what holds stands in these lines."))
        report.verdictOfSet = verdict(listed.count, claimed, isPinned)
    }

    private static func verdict(_ total: Int, _ claimed: Int, _ isPinned: Bool) -> String {
        let condition = isPinned ? "" : ", if the fingerprints are theirs"
        if claimed == 0 { return "PROVED\(condition): \(total) deliveries." }
        return "\(ProofReport.claimed)\(condition): \(claimed) of \(total) deliveries; PROVED: \(total - claimed)."
    }

    private static func look(
        _ name: String, _ digests: [String: Digest], _ path: String, _ known: ProofKnown
    ) throws -> ProofReport {
        let files = try ProofFiles(folder: "\(path)/\(name)")
        for (inner, digest) in digests where files[inner].map(SHA256.digest) != digest {
            throw ProofFault("\(name)/\(inner)", "has been changed (SHA-256 differs)")
        }
        if let extra = files.names.first(where: { digests[$0] == nil }) {
            throw ProofFault("\(name)/\(extra)", "is in the folder but not listed in \(sums)")
        }
        return ProofVerifier.verify(files, known)
    }

    /// Returns the digests of each proof's files, and who made the set.
    private static func check(_ path: String) throws -> ([String: [String: Digest]], ProofCard) {
        let names = try ProofFiles.names(in: path)
        let files = ProofFiles(reading: top + [signature], in: path)
        guard let list = FileManager.default.contents(atPath: "\(path)/\(sums)"), list.count <= greatestList else {
            throw ProofFault(sums, "is missing")
        }
        let bytes = [UInt8](list)
        let prover = try ProofCard(card, in: files)
        let signed = try prover.open(files.require(signature), named: signature, by: "prover")
        guard signed.content == seal(SHA256.digest(bytes)) else {
            throw ProofFault(sums, "is not what the prover signed")
        }
        if let retired = prover.card.retired.first(where: { $0.fingerprint == signed.signer.fingerprint })?.at,
            retired.seconds <= signed.signingTime.seconds
        {
            throw ProofFault(signature, "the key that signed it was retired at \(retired)")
        }
        let digests = try sort(ProofSums.parse(bytes), files)
        if let extra = names.first(where: { !(top + [sums, signature, folder]).contains($0) }) {
            throw ProofFault(extra, "is in the folder but not listed in \(sums)")
        }
        let present = Set(try ProofFiles.names(in: "\(path)/\(folder)").map { "\(folder)/\($0)" })
        if let extra = present.sorted().first(where: { digests[$0] == nil }) {
            throw ProofFault(extra, "is in the folder but not listed in \(sums)")
        }
        if let missing = digests.keys.sorted().first(where: { !present.contains($0) }) {
            throw ProofFault(missing, "is missing")
        }
        return (digests, prover)
    }

    private static func sort(
        _ listed: [(name: String, digest: Digest)], _ files: ProofFiles
    ) throws(ProofFault) -> [String: [String: Digest]] {
        var digests: [String: [String: Digest]] = [:]
        var named: Set<String> = []
        for (name, digest) in listed {
            if top.contains(name) {
                guard SHA256.digest(try files.require(name)) == digest else {
                    throw ProofFault(name, "has been changed (SHA-256 differs)")
                }
                named.insert(name)
                continue
            }
            let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 3, parts[0] == folder, isFolderName(parts[1]),
                ProofName.isAllowed(parts[2]) || [sums, signature].contains(parts[2])
            else { throw ProofFault(sums, "lists what is no part of a set of proofs") }
            digests["\(folder)/\(parts[1])", default: [:]][parts[2]] = digest
        }
        if let missing = top.first(where: { !named.contains($0) }) {
            throw ProofFault(sums, "does not list \(missing)")
        }
        return digests
    }

    private static func isFolderName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { "0123456789abcdef-".utf8.contains($0) }
    }
}
