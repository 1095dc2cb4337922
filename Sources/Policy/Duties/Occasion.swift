package import Vocabulary

/// When something happened or will: the moment, or only the day in England. Written as either.
package enum Occasion: Hashable, Sendable, TextCoded, CustomStringConvertible {
    case at(Instant)
    case on(CalendarDate)

    package init(_ text: String) throws(Malformed) {
        self = text.utf8.count == 10 ? .on(try CalendarDate(text)) : .at(try Instant(text))
    }

    package var description: String {
        switch self {
        case .at(let moment): moment.description
        case .on(let day): day.description
        }
    }

    package var day: CalendarDate {
        switch self {
        case .at(let moment): moment.londonDate
        case .on(let day): day
        }
    }

    /// Of a day only its end is sure to be no earlier than what happened.
    package var end: Instant {
        switch self {
        case .at(let moment): moment
        case .on(let day): day.endInLondon
        }
    }
}
