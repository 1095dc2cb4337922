package import Statements
internal import Vocabulary

extension SignedCard {
    /// Our own card as it lies in the installation: who we are, also for commands that may not see keys/.
    package init(ours premises: InstalledAgency) throws {
        do { try self.init(FileSystem.read(premises.cardPath)) } catch {
            throw Trouble(
                "Our own card cannot be read.", why: "\(premises.cardPath): \(error)",
                fix: "Restore it from your backup; waybill check says what else is wrong.")
        }
    }
}
