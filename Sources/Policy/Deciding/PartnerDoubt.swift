package import Vocabulary

/// What speaks against exchanging files under an organisation's id.
package enum PartnerDoubt: Hashable, Sendable {
    /// Many controllers under one name: nobody can sign for it.
    case group(String)
    case ended(String)

    /// One or two sentences.
    package var words: String {
        switch self {
        case .group(let words), .ended(let words): words
        }
    }

    package var isGroup: Bool {
        if case .group = self { true } else { false }
    }
}

extension Catalogue {
    /// Nil for an organisation that may be a partner, and for one that the catalogue does not know.
    package func doubt(about id: AgencyID, on date: CalendarDate) -> PartnerDoubt? {
        guard let organisation = organisation(id) else { return nil }
        let named = "\(id) (\(organisation.name(on: date)))"
        if organisation.isGroup {
            return .group(
                "\(named) is a group of organisations and no controller, so nobody can sign or answer for it: "
                    + "name the organisation itself, by an id of its own.")
        }
        guard let heir = heir(of: id, on: date), let last = organisation.validTo else { return nil }
        return .ended(
            "\(named) ended on \(last). Nothing is sent there, urgent or not: "
                + "its work passed to \(heir.name(on: date)) (\(heir.id)).")
    }
}
