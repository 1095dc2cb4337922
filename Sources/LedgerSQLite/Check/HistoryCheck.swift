internal import Ledger
internal import Vocabulary

/// Replays a consignment's events and compares the outcome with its row.
struct HistoryCheck {
    let crypto: any LedgerCrypto

    func check(_ story: Story, _ report: inout LedgerReport) {
        let kinds = story.events.compactMap { EventKind(rawValue: $0.kind) }
        for wrong in story.unreadable {
            report.add("consignment \(Self.name(story.id))", "its row cannot be read: \(wrong)")
        }
        for direction in Direction.allCases {
            let ours = kinds.filter { $0.direction == direction }
            let row = story.rows.first { $0.direction == direction }
            if ours.isEmpty && row == nil { continue }
            report.consignments += 1
            let place = "consignment \(Self.name(story.id)), \(direction.rawValue)"
            do {
                let history = try ConsignmentHistory(ours)
                guard let row else {
                    report.add(place, "has events but no row")
                    continue
                }
                check(row, history, place, &report)
                check(row, story, place, &report)
            } catch {
                report.add(place, "impossible history: \(error.why)")
            }
        }
    }

    private func check(
        _ row: Story.Outcome, _ history: ConsignmentHistory, _ place: String, _ report: inout LedgerReport
    ) {
        guard let state = history.state?.rawValue else { return report.add(place, "has a row but no events") }
        if row.state != state {
            report.add(place, "its row says \(row.state), its events say \(state)")
        } else if row.stage != history.stage.rawValue {
            report.add(place, "its row says \(row.stage), its events say \(history.stage.rawValue)")
        }
    }

    private func check(_ row: Story.Outcome, _ story: Story, _ place: String, _ report: inout LedgerReport) {
        guard case .success(let record) = row.record else {
            if case .failure(let wrong) = row.record { report.add(place, "its row cannot be read: \(wrong)") }
            return
        }
        if row.erasedAt != nil {
            checkErased(row, story, place, &report)
        } else if row.seals.kept != nil {
            report.add(place, "its row has the seal of an erased one")
        } else if let told = row.told, row.salt.map({ RowDigest.of(record, salt: $0, crypto) }) != told.digest {
            report.add(place, "its row is not as event \(told.seq) left it")
        }
        let claimed = row.direction == .sent ? record.claimedAt : nil
        if let began = claimed ?? story.began[row.direction], row.first != began.milliseconds {
            report.add(place, "its row has another first moment than its events")
        }
    }

    /// Later events of it bring records, but nothing of these is written: the row stays blank.
    private func checkErased(
        _ row: Story.Outcome, _ story: Story, _ place: String, _ report: inout LedgerReport
    ) {
        if row.seals.kept != row.seals.right {
            report.add(place, "its row was changed after it was erased: its seal is broken")
        }
        if story.events.allSatisfy(\.hasDetail) {
            report.add(place, "its row says that it was erased, but its details are there")
        }
    }

    static func name(_ id: [UInt8]) -> String {
        (try? ConsignmentID(bytes: id))?.text ?? Hex.encode(Array(id.prefix(32)))
    }
}
