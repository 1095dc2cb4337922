internal import Vocabulary

/// Somebody else with a clock.
enum ClockParty: Hashable, Comparable, Sendable {
    case authority
    case partner(AgencyID)

    var name: String {
        switch self {
        case .authority: "the time authority"
        case .partner(let id): id.text
        }
    }
}
