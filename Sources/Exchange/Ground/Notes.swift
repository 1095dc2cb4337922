internal import Ledger
package import Vocabulary

/// The words that a person reads beside a file. All of them stand here.
///
/// These notes lie in folders that the people who may see the file may see, so they may name it; nothing here is logged.
package enum Notes {
    /// `NAME.receipt.txt` in sent/.
    package static func receipt(_ receipt: Receipt, name: String, partner: String, signedNote: String) -> String {
        """
        DELIVERED

        \(name)
        was delivered to \(partner) on \(Notes.moment(receipt.receivedAt)).

        They computed its SHA-256 themselves and signed for it:
        \(receipt.sha256.hex)
        (\(receipt.size) bytes)

        Their signed receipt lies beside this note: \(signedNote)
        Consignment \(receipt.consignment)
        For a proof that anybody can check: waybill prove \(receipt.consignment) --out FOLDER

        """
    }

    /// `NAME.waiting.txt` in sent/, while a file is on its way for long.
    package static func waiting(name: String, partner: AgencyID, why: String, nextTry: String, since: Instant)
        -> String
    {
        """
        NOT YET DELIVERED

        \(name)
        has been waiting to go to \(partner) since \(Notes.moment(since)).

        Why: \(why)
        Next try: \(nextTry)

        Nothing is lost and nothing needs doing here: Waybill goes on trying until the partner signs for it.
        This note disappears when the file is delivered.

        """
    }

    /// The same for an urgent file.
    package static func urgentWaiting(
        name: String, partner: AgencyID, why: String, since: Instant, ring: String
    ) -> String {
        """
        URGENT, NOT DELIVERED. Telephone them now: \(ring)

        \(name)
        was dropped for \(partner) at \(Notes.moment(since)) and is not there yet.

        Why: \(why)

        If a child is in danger now: 999.
        Waybill tries again every 15 seconds, whatever you do. This note disappears when the file is delivered.

        """
    }

    /// How every note about a file that is not there begins.
    static func danger(ring: String) -> String { "If a child is in danger now: 999. Then \(ring).\n\n" }

    /// Below a receipt note, where our own copy did not survive.
    static let damagedCopy = """

        The copy that lies here was damaged after it was signed, as by a power cut. It is not what was delivered: the
        recipient has that, and signed for it.

        """

    /// `NAME.why.txt` in held/.
    package static func held(_ findings: [Finding], name: String, partner: AgencyID, id: ConsignmentID, blocked: Bool)
        -> String
    {
        let reasons = findings.enumerated().map { i, finding in
            """
            \(i + 1). \(finding.found)
               Rule \(finding.rule): \(finding.citation)
               To put it right: \(finding.fix)

            """
        }
        return """
            \(blocked ? "BLOCKED" : "HELD"): this file was not sent

            \(name)
            for \(partner)

            \(reasons.joined(separator: "\n"))
            \(help(findings, id, blocked))

            """
    }

    /// `NAME.why.txt` in held/, for what was signed and taken off its way again.
    package static func halted(_ findings: [Finding], name: String, partner: AgencyID) -> String {
        """
        HELD: this file was taken off its way

            \(name)
            for \(partner)

        \(findings.map { "\($0.found)\n\($0.fix)" }.joined(separator: "\n\n"))
        Some of it, or all, may have reached them before.

        """
    }

    /// Nobody is shown a way that leads nowhere: what is final is passed by no release and no emergency.
    private static func help(_ findings: [Finding], _ id: ConsignmentID, _ blocked: Bool) -> String {
        guard findings.contains(where: \.isFinal) else { return blocked ? blockedHelp(id) : heldHelp(id) }
        return """
            It is never sent like this, urgent or not, and nobody can release it: do what stands above.
            This copy can then be put away:
                waybill reject \(id) --because "your reason"
            """
    }

    private static func heldHelp(_ id: ConsignmentID) -> String {
        """
        When it is right, or if you decide that it must go as it is:
            waybill release \(id) --because "your reason"
        If you decide not to share it:
            waybill reject \(id) --because "your reason"
        If a child is at immediate risk, do not wait: drop the file into the route `urgent`.
        """
    }

    private static func blockedHelp(_ id: ConsignmentID) -> String {
        """
        This cannot be released. If you decide not to share it, say so:
            waybill reject \(id) --because "your reason"
        """
    }

    /// `NAME.refused.txt` in held/.
    package static func refused(_ refusal: Refusal, name: String) -> String {
        """
        REFUSED BY THE RECIPIENT

        \(name)
        was not taken by \(refusal.issuer), who said so in a signed statement on \(Notes.moment(refusal.signedAt)):

        \(refusal.explanation)
        (reason: \(refusal.reason.rawValue))

        The file is here again and was not kept by them. Put right what they say and drop it anew.
        Consignment \(refusal.consignment)

        """
    }

    /// `NAME.rejected.txt` in held/.
    package static func rejected(
        because: String, test: NotSharing? = nil, by account: String, id: ConsignmentID, at: Instant
    ) -> String {
        """
        DECIDED NOT TO SHARE

        On \(Notes.moment(at)) \(account) decided not to share this file:

        \(because)

        The test of \(NotSharing.citation): \(test?.words ?? "not recorded").
        The decision is in the ledger (consignment \(id)). If new information comes up, drop the file anew.

        """
    }

    /// `NAME.recalled.txt` in held/.
    package static func recalled(name: String, partner: AgencyID, because: String, left: Bool) -> String {
        let whereItIs =
            left
            ? "Some of it may have left. \(partner) has been asked to destroy it and to sign that it did."
            : "Nothing of it had left."
        return """
            TAKEN BACK

            \(name)
            was on its way to \(partner) and was taken back:

            \(because)

            \(whereItIs)

            """
    }

    /// `NAME.changed.txt`-like words when a file changed under our hands.
    package static func changed(name: String) -> String {
        """
        HELD: this file changed while it was being sent

        \(name)

        What was signed is no longer what lies here, so nothing of it was shown to the recipient.
        Drop the finished file into the outbox again.

        """
    }

    /// `2026-05-03 09:41:07 UTC`
    package static func moment(_ instant: Instant) -> String {
        let text = instant.description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }
}

extension ConsignmentRecord {
    /// Every id of a basis in one list, for queries.
    static func basis(of label: Label) -> [String] {
        label.basis.article6 + label.basis.gateways + label.basis.article9 + label.basis.schedule1
            + label.basis.schedule8
    }

    /// Takes over what a label says.
    package mutating func apply(_ label: Label) {
        purpose = label.purpose
        categories = label.categories
        basis = Self.basis(of: label)
        agreement = "\(label.agreement.id)@\(label.agreement.version)"
        cases = label.subjects.map(\.ref)
        isEmergency = label.emergency != nil
        decidedBy = label.decidedBy
    }
}
