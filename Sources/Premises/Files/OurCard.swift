package import Envelope
package import Vocabulary

/// Our own card as it lies in the installation: who we are, also for commands that may not see keys/.
package struct OurCard: Sendable {
    package let card: Card
    package let identity: Certificate
    /// As signed.
    package let bytes: [UInt8]

    package init(_ premises: InstalledAgency) throws {
        do { try self.init(signed: FileSystem.read(premises.cardPath)) } catch {
            throw Trouble(
                "Our own card cannot be read.", why: "\(premises.cardPath): \(error)",
                fix: "Restore it from your backup; waybill check says what else is wrong.")
        }
    }

    /// Verified with the identity inside it: whether that is ours, the caller knows.
    package init(signed: [UInt8]) throws {
        bytes = signed
        identity = try StatementVerifier.uncheckedSigner(ofCard: bytes)
        let at = try StatementVerifier.uncheckedSigningTime(of: bytes)
        card = try Card(kept: StatementVerifier.verify(bytes, identity: identity, role: nil, at: at).content)
    }
}
