internal import Envelope
internal import FoundationEssentials
internal import Ledger
internal import Policy
internal import Premises
internal import Reports
internal import Vocabulary

// All that happened to a consignment, for `ledger show`.

extension History {
    var json: JSONText {
        let label: JSONText = DecisionStory(self).label.map { .json($0.json) } ?? .null
        let told = events.map { event in
            JSONText.object([
                ("seq", .number(event.seq)), ("at", .time(event.leaf.at)), ("kind", .text(event.leaf.kind.rawValue)),
                ("body", Told(event).map { .json($0.json) } ?? .null),
            ])
        }
        return .object(fields.members + [("label", label), ("events", .array(told))])
    }

    private var fields: RecordFields { RecordFields(record: record, recall: recall) }

    func show(catalogue: Catalogue?) {
        let way = record.key.direction == .sent ? "sent to" : "received from"
        let story = DecisionStory(self)
        Terminal.say(Terminal.paint("\(record.key.id)", .bold))
        Facts([
            ("file", record.name ?? RecordFields.unnamed(record)), (way, record.key.partner.text),
            ("route", record.route.text),
            ("size", "\(record.size) bytes (\(Words.bytes(record.size)))"),
            ("modified", waybill?.file.modified.map { Words.moment($0) }), ("SHA-256", record.sha256?.hex),
            ("state", fields.state), ("receipt", record.receiptSHA256.map { "SHA-256 \($0.hex)" }),
            ("in inbox as", record.key.direction == .received ? record.place : nil),
            ("cases", record.cases.isEmpty ? nil : record.cases.joined(separator: " ")),
            ("the content", story.inspection.map(InspectionWords.of)),
        ]).show()
        if record.state == .rejected, let decision = story.decision {
            RejectionWords(decision, record.why).show()
        } else {
            for finding in Findings(record.why).all { finding.show() }
        }
        if let label = story.label {
            Terminal.say(Terminal.paint(waybill == nil ? "\nLabel (never signed)" : "\nLabel", .bold))
            let day = waybill?.signedAt ?? story.decision?.at ?? record.claimedAt
            if let day { LabelWords(label, catalogue, on: day.londonDate).facts.show() }
        }
        Terminal.say(Terminal.paint("\nWhat happened (UTC)", .bold))
        var duties = DutyStory()
        for event in events { show(event, duties.changes(by: Told(event)?.facts ?? [:])) }
        for checkpoint in countersigned {
            Terminal.say(
                "  all of it countersigned by \(checkpoint.partner) at \(Words.moment(checkpoint.at)) (their clock)")
        }
    }

    private func show(_ event: StoredEvent, _ duties: [String]) {
        let kind = event.leaf.kind.rawValue
        let told = Told(event)
        let place = "entry \(event.seq)"
        let facts = told?.words(duties) ?? "(its detail was erased; the entry stands)"
        Terminal.say(
            "  \(Words.moment(event.leaf.at))  \(kind.padded(to: 12))  \(place.padded(to: 10))  \(Terminal.clean(facts))"
        )
    }
}

extension Told {
    /// The facts, what was signed as JSON, and as it was signed.
    var json: JSON {
        guard let signed else { return .object(facts) }
        var members = facts
        members["p7s"] = .string(Data(signed).base64EncodedString())
        let content = try? StatementVerifier.uncheckedContent(of: signed)
        members["statement"] = content.flatMap { try? JSON(kept: $0) }
        return .object(members)
    }

    /// On one line, the long ones left out.
    /// - Parameter duties: what it did to duties (`DutyStory`).
    func words(_ duties: [String]) -> String {
        let plain = facts.keys.sorted().compactMap { name -> String? in
            switch facts[name] {
            // Says something to ledger check alone.
            case _ where name == RowDigest.member: nil
            case .array where name == DutyStory.member: duties.isEmpty ? nil : duties.joined(separator: ", ")
            case .string(let text) where !text.isEmpty:
                "\(name) \(text.count == 64 ? text.prefix(12) + "…" : text[...])"
            case .integer(let number): "\(name) \(number)"
            case .array(let items) where !items.isEmpty:
                "\(name) "
                    + items.compactMap { $0["rule"]?.string ?? $0.string }.joined(separator: " ")
            default: nil
            }
        }
        return (plain + (signed == nil ? [] : ["(signed statement)"])).joined(separator: ", ")
    }
}
