internal import Envelope
internal import Vocabulary

/// `SHA256SUMS` as `sha256sum` writes it: one line a file, `<64 hex digits>  <name>`, sorted by name.
enum ProofSums {
    static func text(of files: ProofFiles) -> [UInt8] {
        let lines = files.names.map { "\(SHA256.digest(files[$0] ?? []).hex)  \($0)\n" }
        return Array(lines.joined().utf8)
    }

    /// Every file is listed with its digest, everything listed is there, and all that a proof must hold is listed.
    static func check(_ files: ProofFiles) throws(ProofFault) {
        let listed = try parse(files.require(ProofName.sums))
        for (name, digest) in listed {
            guard ProofName.isAllowed(name) else {
                throw ProofFault(ProofName.sums, "lists \(JSON.raw(name)), which is no part of a proof")
            }
            guard SHA256.digest(try files.require(name)) == digest else {
                throw ProofFault(name, "has been changed (SHA-256 differs)")
            }
        }
        let names = Set(listed.map(\.name))
        if let missing = ProofName.required.first(where: { !names.contains($0) }) {
            throw ProofFault(ProofName.sums, "does not list \(missing)")
        }
        let unlisted = files.names.first { name in
            !names.contains(name) && name != ProofName.sums && name != ProofName.sumsSignature
        }
        if let unlisted { throw ProofFault(unlisted, "is in the folder but not listed in \(ProofName.sums)") }
    }

    static func parse(_ bytes: [UInt8]) throws(ProofFault) -> [(name: String, digest: Digest)] {
        let wrong = ProofFault(ProofName.sums, "is not a list of SHA-256 digests and names")
        guard let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n") else { throw wrong }
        var listed: [(name: String, digest: Digest)] = []
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.dropFirst(64).hasPrefix("  "), let digest = try? Digest(hex: String(line.prefix(64))) else {
                throw wrong
            }
            listed.append((name: String(line.dropFirst(66)), digest: digest))
        }
        return listed
    }
}
