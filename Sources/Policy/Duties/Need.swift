internal import Vocabulary

/// What may have to be brought forward with a ground of Article 14. Which ground needs which, the catalogue says, and when
/// it is in force and whether it is temporary; the raw values are its words.
enum Need: String, Hashable {
    case date, channel, gateway, duty, reference, function, reason, prejudice
    case noticeVersion = "notice-version"
    case publicNotice = "public-notice"
    /// The sender said that it told them, or a reason of ours.
    case senderInformed = "sender-informed"
    /// The sender relied on the crime exemption, or a reference to where it says so.
    case senderExempt = "sender-exempt"
}

extension CatalogueEntry {
    /// A reason at least; also for a word that this version does not know.
    var evidenceNeeded: [Need] {
        let all = facts.needs.map { Need(rawValue: $0) ?? .reason }
        return all.isEmpty ? [.reason] : all
    }
}

extension Need {
    /// What a notice that was given needs: not an exemption, so that no catalogue has it.
    static let told: [Need] = [.date, .channel, .noticeVersion]

    /// What is missing, and the sentence that puts it right; nil if the evidence has it.
    func shortfall(_ ground: String, _ evidence: NoticeEvidence, _ catalogue: Catalogue, on today: CalendarDate)
        -> Shortfall?
    {
        switch self {
        case .date: Self.date(evidence.on, today)
        case .gateway: Self.gateway(evidence.gateway, ground, catalogue, today)
        case .senderInformed where evidence.sender.informedOn != nil: nil
        case .senderExempt where evidence.sender.ground?.hasPrefix("S2-2") ?? false: nil
        default: Self.isThere(text(evidence)) ? nil : missing(ground)
        }
    }

    private func text(_ evidence: NoticeEvidence) -> String? {
        switch self {
        case .channel: evidence.channel
        case .noticeVersion: evidence.noticeVersion
        case .duty: evidence.duty
        case .reference, .senderExempt: evidence.reference
        case .function: evidence.function
        case .publicNotice: evidence.publicNotice
        case .reason, .prejudice, .senderInformed: evidence.because
        case .date: evidence.on?.description
        case .gateway: evidence.gateway
        }
    }

    private static func isThere(_ text: String?) -> Bool { text.map { !$0.allSatisfy(\.isWhitespace) } ?? false }

    private func missing(_ ground: String) -> Shortfall {
        let (what, how) = words
        return Shortfall("Ground \(ground) needs \(what).", fix: how)
    }

    private var words: (what: String, how: String) {
        switch self {
        case .date: ("the day on which the subject was told", "Give it with --on DATE.")
        case .channel: ("how the subject was told", "Give it with --channel, such as --channel letter.")
        case .noticeVersion: ("which privacy notice they were given", "Name its version with --notice.")
        case .gateway: ("the law that lays the sharing down", "Name it with --gateway, such as --gateway CA89-47.")
        case .duty: ("the duty of confidentiality that forbids telling them", "Name it with --duty.")
        case .reference: ("a reference of the order, report or request", "Give it with --ref.")
        case .function: ("the function that protects the public", "Name it with --function.")
        case .publicNotice:
            ("the place where the information is made public instead", "Say where with --public-notice (14(7)).")
        case .reason: ("a reason", "Say in one sentence why it applies here, with --because.")
        case .prejudice:
            (
                "a statement of the prejudice",
                "Say with --because what telling them would prejudice, and how: the prevention or detection of crime, or "
                    + "the arrest or prosecution of offenders."
            )
        case .senderInformed:
            (
                "the sender's word that the subject was told, and its label does not give it",
                "Say with --because how you know that they have the information, or tell them and close with "
                    + "\(NoticeActs.told)."
            )
        case .senderExempt:
            (
                "the sender's word that it relied on the crime exemption, and its label does not give it",
                "Ask the sender, and give the reference of its answer with --ref."
            )
        }
    }

    private static func date(_ day: CalendarDate?, _ today: CalendarDate) -> Shortfall? {
        guard let day else { return Need.date.missing(NoticeActs.told) }
        guard day > today else { return nil }
        return Shortfall("\(day) is still to come.", fix: "Close the notice once the subject has been told.")
    }

    private static func gateway(
        _ id: String?, _ ground: String, _ catalogue: Catalogue, _ today: CalendarDate
    ) -> Shortfall? {
        guard let id, isThere(id) else { return Need.gateway.missing(ground) }
        let standing = catalogue.standing(id, .gateway, on: today)
        if case .inForce = standing { return nil }
        return Shortfall(
            "Gateway \(id) \(standing.words).",
            fix: "Name a law that is in force today: `waybill catalogue list` shows them.")
    }
}
