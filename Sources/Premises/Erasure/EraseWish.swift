internal import Folders
package import Ledger
internal import Vocabulary

/// What somebody wishes to be erased, and why.
package struct EraseWish: Codable, Hashable, Sendable {
    package let selector: Erasure.Selector
    /// For whom, by the reference that labels carry. Never recorded: it would outlive what it names.
    package let subject: String?
    package let because: String
    package let although: Erasure.Although?

    package init(
        _ selector: Erasure.Selector, subject: String? = nil, because: String, although: Erasure.Although? = nil
    ) {
        (self.selector, self.subject, self.because, self.although) = (selector, subject, because, although)
    }

    /// Why the second officer is none; nil if they are one.
    /// - Parameters:
    ///   - by: who asks, `person:<account>`.
    ///   - officers: the name of their group, where the settings have one.
    func objection(by: String, officers: String?) -> String? {
        guard let second = although?.second else { return nil }
        guard by != "person:\(second)" else {
            return "The second officer must be another person than the one who asks: --second names the other account."
        }
        guard let id = User.id(named: second) else {
            return "This machine knows no account \(second): --second names the account of another officer."
        }
        guard let officers else { return nil }
        guard let group = Group(named: officers), User.isMember(id, of: group) else {
            return "\(second) is not in the group \(officers): --second names the account of another officer."
        }
        return nil
    }
}
