package import Vocabulary

/// Whether a document that must be looked at again has been.
package enum ReviewState: Hashable, Sendable {
    /// It names no date.
    case undated
    case inTime(due: CalendarDate)
    /// Within the days of warning, the day itself included.
    case soon(due: CalendarDate, days: Int64)
    case overdue(due: CalendarDate, days: Int64)

    package init(due: CalendarDate?, on date: CalendarDate, warnAhead days: Int64) {
        guard let due else {
            self = .undated
            return
        }
        let left = due.daysSince1970 - date.daysSince1970
        switch left {
        case ..<0: self = .overdue(due: due, days: -left)
        case 0...max(0, days): self = .soon(due: due, days: left)
        default: self = .inTime(due: due)
        }
    }

    /// A person should see it.
    package var isAlarm: Bool {
        switch self {
        case .undated, .inTime: false
        case .soon, .overdue: true
        }
    }

    /// In words that follow a document's name: "is to be reviewed by 2027-04-01, in 30 days".
    package var words: String {
        switch self {
        case .undated: "names no date of review"
        case .inTime(let due): "is to be reviewed by \(due)"
        case .soon(let due, 0): "is to be reviewed by \(due), which is today"
        case .soon(let due, let days): "is to be reviewed by \(due), in \(Self.days(days))"
        case .overdue(let due, let days): "was to be reviewed by \(due), \(Self.days(days)) ago"
        }
    }

    private static func days(_ count: Int64) -> String { count == 1 ? "1 day" : "\(count) days" }
}

/// One document of an agreement, and how its review stands.
package struct Review: Hashable, Sendable {
    /// Such as `agreement tees-tier-2` or `impact assessment dpia-2026-1`.
    package let document: String
    package let state: ReviewState

    /// "Agreement tees-tier-2 is to be reviewed by ..."
    package var sentence: String { document.prefix(1).uppercased() + document.dropFirst() + " \(state.words)." }
}

extension Agreement {
    /// Of the agreement and of every document that it names.
    package func reviews(on date: CalendarDate, warnAhead days: Int64 = 60) -> [Review] {
        var documents = [("agreement \(id)", reviewBy)]
        if let policyDocument { documents.append(("policy document \(policyDocument.id)", policyDocument.reviewBy)) }
        if let dpia { documents.append(("impact assessment \(dpia.id)", dpia.reviewBy)) }
        return documents.map {
            Review(document: $0.0, state: ReviewState(due: $0.1, on: date, warnAhead: days))
        }
    }
}
