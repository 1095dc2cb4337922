package import Vocabulary

/// Why a file was not shared, by the test of Children Act 2004 s.16LA (inserted by the Children's Wellbeing and Schools Act
/// 2026 s.4; enacted, commencement not found when this was written: the record is good practice before and law after).
package enum NotSharing: String, Sendable, CaseIterable {
    /// s.16LA(3): disclosing would be more detrimental to the child than not disclosing.
    case moreDetrimental = "more-detrimental"
    /// It would not help the recipient in what it does for the child.
    case wouldNotHelp = "would-not-help"
    /// The file holds nothing that is relevant to safeguarding or promoting a child's welfare.
    case notRelevant = "not-relevant"
    /// Dropped by mistake: there was nothing to decide.
    case mistake

    package static let citation = "Children Act 2004 s.16LA(3)"
    package static let notRecorded = "not-recorded"

    package init(_ text: String) throws(Malformed) {
        guard let value = Self(rawValue: text) else {
            let words = Self.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed("test", "must be one of \(words)")
        }
        self = value
    }

    package var words: String {
        switch self {
        case .moreDetrimental: "disclosing would be more detrimental to the child than not disclosing"
        case .wouldNotHelp: "disclosing would not help the recipient in what it does for the child"
        case .notRelevant: "the file holds nothing relevant to safeguarding or promoting a child's welfare"
        case .mistake: "the file was dropped by mistake"
        }
    }
}
