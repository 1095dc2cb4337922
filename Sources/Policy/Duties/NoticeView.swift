package import Vocabulary

/// Where a notice stands at a moment, as `waybill notices` shows it. A deferral that has run out needs nobody to open it
/// again: it shows as due.
package struct NoticeView: Hashable, Sendable {
    package enum Standing: Hashable, Sendable {
        /// Days since the day it was due; 0 where it fell due earlier today.
        case overdue(days: Int64)
        /// Days until the day it is due; 0 is today.
        case due(days: Int64)
        case deferred(until: CalendarDate)
        case closed(on: CalendarDate?)
    }

    package let standing: Standing
    private let due: Instant
    private let dueLegal: Instant?
    private let ground: String?
    private let now: Instant

    /// What was last done about it.
    package enum State: Hashable, Sendable {
        case open
        case deferred(until: Instant)
        /// Nil where the day was not kept.
        case closed(at: Instant?)
    }

    package init(due: Instant, dueLegal: Instant?, _ state: State, ground: String?, now: Instant) {
        self.due = due
        self.dueLegal = dueLegal
        self.ground = ground
        self.now = now
        standing =
            switch state {
            case .open: Self.open(due, now)
            case .deferred(let until) where now < until: .deferred(until: until.londonDate)
            case .deferred(let until): Self.open(NoticeActs.due(due, reopened: until), now)
            case .closed(let at): .closed(on: at?.londonDate)
            }
    }

    private static func open(_ due: Instant, _ now: Instant) -> Standing {
        let days = due.lastDayInLondon.daysSince1970 - now.londonDate.daysSince1970
        return now < due ? .due(days: days) : .overdue(days: -days)
    }

    package var words: String {
        switch standing {
        case .overdue(let days): "overdue\(Self.since(days))\(stillLawful)"
        case .due(let days): Self.ahead(days)
        case .deferred(let day): "deferred until \(day)\(under)"
        case .closed(let day): "closed\(day.map { " on \($0)" } ?? "")\(under)"
        }
    }

    private var under: String { ground.map { " (\($0))" } ?? "" }

    private var stillLawful: String {
        guard let dueLegal, now < dueLegal else { return "" }
        return " (lawful until the end of \(dueLegal.lastDayInLondon))"
    }

    private static func since(_ days: Int64) -> String {
        switch days {
        case 0: " since today"
        case 1: " by 1 day"
        default: " by \(days) days"
        }
    }

    private static func ahead(_ days: Int64) -> String {
        switch days {
        case 0: "due today"
        case 1: "due in 1 day"
        default: "due in \(days) days"
        }
    }
}
