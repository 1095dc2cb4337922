package import Vocabulary

extension CalendarDate {
    /// Whether this day lies between two others, both included; an absent one is no limit.
    package func lies(from first: CalendarDate?, to last: CalendarDate?) -> Bool {
        (first.map { $0 <= self } ?? true) && (last.map { self <= $0 } ?? true)
    }

    /// Saturday or Sunday. 1970-01-01 was a Thursday.
    package var isWeekend: Bool { [2, 3].contains(((daysSince1970 % 7) + 7) % 7) }
}

/// A first and a last day, both included; an absent one is no limit.
package struct Validity: Hashable, Sendable, CustomStringConvertible {
    package let first: CalendarDate?
    package let last: CalendarDate?

    package init(from first: CalendarDate? = nil, to last: CalendarDate? = nil) {
        self.first = first
        self.last = last
    }

    package func covers(_ date: CalendarDate) -> Bool { date.lies(from: first, to: last) }

    /// Whether the two share a day.
    package func overlaps(_ other: Validity) -> Bool { !ends(before: other) && !other.ends(before: self) }

    /// `from 2026-02-05`, `to 2021-06-25`, `2020-04-01 to 2022-06-30`, `no dates`
    package var description: String {
        switch (first, last) {
        case (let first?, let last?): "\(first) to \(last)"
        case (let first?, nil): "from \(first)"
        case (nil, let last?): "to \(last)"
        case (nil, nil): "no dates"
        }
    }

    private func ends(before other: Validity) -> Bool {
        guard let last, let begins = other.first else { return false }
        return last < begins
    }
}

/// What is law on some days only.
package protocol InForce {
    var validity: Validity { get }
}

extension InForce {
    package var validFrom: CalendarDate? { validity.first }
    /// The last day.
    package var validTo: CalendarDate? { validity.last }

    package func covers(_ date: CalendarDate) -> Bool { validity.covers(date) }
}

extension Agreement.Party {
    package var validity: Validity { Validity(from: signed, to: left) }
}
