package import Vocabulary

/// What a person brings forward to close or to defer a notice. What a ground needs, the catalogue says.
package struct NoticeEvidence: Codable, Hashable, Sendable {
    /// The day on which the subject was told.
    package var on: CalendarDate?
    /// Letter, visit, telephone.
    package var channel: String?
    /// Which privacy notice they were given.
    package var noticeVersion: String?
    /// An id of the catalogue's gateways.
    package var gateway: String?
    /// The duty of professional secrecy.
    package var duty: String?
    /// Of a court's order, a report, a request, or of what the sender wrote.
    package var reference: String?
    /// The function of Schedule 2 paragraph 7.
    package var function: String?
    /// Where the information is made public instead (UK GDPR 14(7)).
    package var publicNotice: String?
    /// The reason; for crime exemptions how telling them would prejudice which purpose.
    package var because: String?
    package var sender = SenderWord()
    /// The day on which we got the data: nobody can have been told by us before.
    package var received: CalendarDate?

    package init() {}

    /// What a person says; the rest is known here.
    private enum CodingKeys: CodingKey {
        case on, channel, noticeVersion, gateway, duty, reference, function, publicNotice, because
    }
}

/// What the sender's label says about the subject being told: theirs to say, ours to judge.
package struct SenderWord: Hashable, Sendable {
    package var informedOn: CalendarDate?
    package var ground: String?

    package init(informedOn: CalendarDate? = nil, ground: String? = nil) {
        self.informedOn = informedOn
        self.ground = ground
    }

    /// From `Duty.facts`.
    package init(facts: [String: String]) {
        informedOn = facts["senderInformedOn"].flatMap { try? CalendarDate($0) }
        ground = facts["senderGround"]
    }

    /// For `Duty.facts`.
    package var facts: [String: String] {
        var facts: [String: String] = [:]
        facts["senderInformedOn"] = informedOn?.description
        facts["senderGround"] = ground
        return facts
    }
}
