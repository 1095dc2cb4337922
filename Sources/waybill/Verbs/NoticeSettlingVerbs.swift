internal import ArgumentParser
internal import Ledger
internal import Policy
internal import Premises
internal import Vocabulary

// What persons do about a notice. Whether a ground will do, the daemon says, by the catalogue in force that day.

struct NoticeCloseVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "The notice was given, or a ground of law says that none is owed.",
        discussion: """
            Ground 14-done: they were told; give --on, --channel and --notice. All other grounds, and what each needs: \
            waybill catalogue list --kind article-14-grounds. What a refusal misses, it says.
            """)

    @OptionGroup var notice: NoticeOptions
    @OptionGroup var evidence: NoticeEvidenceOptions

    func run() async throws {
        try await notice.tell { .closeNotice(id: $0, ground: evidence.ground, evidence: evidence.given) }
        Terminal.complain("Closed. It stands in the ledger: waybill notices --all")
    }
}

struct NoticeDeferVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "defer", abstract: "Not yet: on a ground that passes, until a day on which somebody looks again.",
        discussion: """
            It opens again by itself on that day. Which grounds pass, and what each needs: waybill catalogue list \
            --kind article-14-grounds.
            """)

    @OptionGroup var notice: NoticeOptions
    @Option(help: "The day on which somebody looks again.", transform: CalendarDate.init) var until: CalendarDate
    @OptionGroup var evidence: NoticeEvidenceOptions

    func run() async throws {
        try await notice.tell {
            .deferNotice(id: $0, ground: evidence.ground, until: until, evidence: evidence.given)
        }
        Terminal.complain("Deferred. It opens again by itself on \(until): waybill notices")
    }
}

struct NoticeContactVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contact", abstract: "We speak with the person for the first time on that day: by then they know.",
        discussion: "UK GDPR 14(3)(b). A day to come counts as well as one that is past, from the receipt on.")

    @OptionGroup var notice: NoticeOptions
    @Option(help: "The day, or the moment such as 2026-11-22T10:55:42.000Z.", transform: Occasion.init) var on: Occasion

    func run() async throws {
        try await notice.tell { .noticeContact(id: $0, on: on) }
        Terminal.complain("Noted. When it is due now: waybill notices")
    }
}

/// Which notice.
struct NoticeOptions: ParsableArguments {
    @OptionGroup var installation: InstallationOptions
    @Argument(help: "The notice's id, or at least 8 characters of its beginning or end.") var id: String

    func tell(_ request: (ConsignmentID) -> ControlRequest) async throws {
        let premises = try installation.premises()
        _ = try await Officer(premises).ask(request(try await whole(premises)))
    }

    /// An officer may not be allowed to read the ledger: a whole id goes to the daemon as it is then.
    private func whole(_ premises: InstalledAgency) async throws -> ConsignmentID {
        do { return try await DutyAtHand(premises).find(id, [.notice]).id } catch let trouble as Trouble {
            guard case .whole(let id) = IDText(id) else { throw trouble }
            return id
        }
    }
}

/// What may be brought forward with a ground; which ground needs what, the catalogue says.
struct NoticeEvidenceOptions: ParsableArguments {
    @Option(help: "An id of the catalogue, such as 14-done or 14-5-c.") var ground: String
    @Option(help: "The day on which they were told.", transform: CalendarDate.init) var on: CalendarDate?
    @Option(help: "How they were told: letter, visit, telephone.") var channel: String?
    @Option(help: "Which privacy notice they were given.") var notice: String?
    @Option(help: "The law that lays the sharing down, such as CA89-47.") var gateway: String?
    @Option(help: "The duty of confidentiality that forbids telling them.") var duty: String?
    @Option(help: "Reference of an order, a report, a request, or the sender's answer.") var ref: String?
    @Option(help: "The function that protects the public.") var function: String?
    @Option(help: "Where the information is made public instead (14(7)).") var publicNotice: String?
    @Option(help: "Your reason. No names.") var because: String?

    func validate() throws {
        if let because { _ = try Decision(because) }
    }

    var given: NoticeEvidence {
        var evidence = NoticeEvidence()
        (evidence.on, evidence.channel, evidence.noticeVersion) = (on, channel, notice)
        (evidence.gateway, evidence.duty, evidence.reference) = (gateway, duty, ref)
        (evidence.function, evidence.publicNotice, evidence.because) = (function, publicNotice, because)
        return evidence
    }
}
