package import Vocabulary

/// How a notice ends or pauses: what goes into its `Duty`.
package struct NoticeSettlement: Hashable, Sendable {
    package let ground: String
    package let because: String?
    /// Nil closes it; otherwise it opens again by itself at this moment, the start of a day in England.
    package let deferredUntil: Instant?
    /// To be merged into `Duty.facts`: ids, dates and short words.
    package let facts: [String: String]

    package init(ground: String, because: String?, deferredUntil: Instant? = nil, facts: [String: String] = [:]) {
        self.ground = ground
        self.because = because
        self.deferredUntil = deferredUntil
        self.facts = facts
    }
}

/// Granted, or everything that stands against it. A refusal is a value.
package enum Judged<Value: Hashable & Sendable>: Hashable, Sendable {
    case granted(Value)
    case refused([Finding])
}
