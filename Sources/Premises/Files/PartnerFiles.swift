internal import Exchange
internal import Folders
package import Statements
package import Vocabulary

/// The partners of an installation on disk: `partners/ID.card` (as signed) and `partners/ID.identity` (the fingerprint
/// that a person confirmed); `partners/ID.revoked` beside them ends it all.
package struct PartnerFiles: Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// Every partner whose card is in order; the others with what is wrong.
    ///
    /// - Throws: `FileTrouble` if it cannot be known who is a partner, or who was revoked.
    package func load() throws -> (partners: [Partner], troubles: [(id: String, why: String)]) {
        var partners: [Partner] = []
        var troubles: [(String, String)] = []
        for name in try FileSystem.names(in: folder) where name.hasSuffix(".card") {
            let id = String(name.dropLast(5))
            if try FileSystem.isThere(path(id, "revoked")) { continue }
            do { partners.append(try loadSurely(id)) } catch { troubles.append((id, "\(error)")) }
        }
        return (partners, troubles)
    }

    /// A disk that fails once keeps nobody from being a partner until the next start.
    private func loadSurely(_ id: String) throws -> Partner {
        do { return try load(id) } catch is FileTrouble { return try load(id) }
    }

    private func load(_ id: String) throws -> Partner {
        let partner = try CardReader.known(FileSystem.read(path(id, "card")), pinned: pin(id))
        guard partner.id.text == id else {
            throw Trouble("\(id).card is the card of \(partner.id).", why: "It was renamed.", fix: "Add it again.")
        }
        return partner
    }

    private func pin(_ id: String) throws -> Fingerprint {
        let text = String(decoding: try FileSystem.read(path(id, "identity"), atMost: 200), as: UTF8.self)
        return try Fingerprint(hex: text.filter { !$0.isWhitespace })
    }

    /// Who was revoked, by id. Card and pin stay beside it, for checking what was exchanged.
    package var revocations: [Revocation] {
        get throws {
            try FileSystem.names(in: folder).filter { $0.hasSuffix(".revoked") }.compactMap { name in
                let bytes = try FileSystem.read("\(folder)/\(name)")
                // Nobody is a partner who has such a file, whatever it says.
                return try? Revocation(parsing: bytes)
            }
        }
    }

    package func revoke(_ revocation: Revocation) throws {
        try FileSystem.write(revocation.bytes, to: path(revocation.id.text, "revoked"), mode: 0o644)
    }

    /// Card first, pin last: without its pin a card is not loaded.
    package func put(_ partner: Partner) throws {
        _ = try Folder.make(folder, mode: 0o750)
        try FileSystem.write(partner.signedCard, to: path(partner.id.text, "card"), mode: 0o644)
        try FileSystem.write(
            Array((partner.fingerprint.hex + "\n").utf8), to: path(partner.id.text, "identity"), mode: 0o644)
        try remove("revoked", of: partner.id)
    }

    /// Whatever is there of it: a crash, or a person, may have left the one without the other.
    package func remove(_ id: AgencyID) throws {
        for kind in ["identity", "card", "revoked"] { try remove(kind, of: id) }
    }

    private func remove(_ kind: String, of id: AgencyID) throws {
        if try FileSystem.isThere(path(id.text, kind)) { try FileSystem.remove(path(id.text, kind)) }
    }

    private func path(_ id: String, _ kind: String) -> String { "\(folder)/\(id).\(kind)" }
}
