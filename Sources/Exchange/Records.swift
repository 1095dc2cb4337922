internal import Ledger
internal import Vocabulary

/// How the stages of sending become ledger rows.
enum Records {
    /// The row of a file that is weighed and not yet decided.
    static func claimed(_ weighed: WeighedFile) -> ConsignmentRecord {
        let claimed = weighed.claimed
        return ConsignmentRecord(
            key: ConsignmentKey(.sent, claimed.partner, claimed.id), state: .claimed, route: claimed.route,
            name: claimed.name, size: weighed.size, sha256: weighed.sha256, claimedAt: claimed.claimedAt,
            place: claimed.place.text, inode: weighed.facts.mark)
    }

    /// The row of a file that could not be weighed.
    static func unweighed(_ claimed: ClaimedFile, mark: String) -> ConsignmentRecord {
        ConsignmentRecord(
            key: ConsignmentKey(.sent, claimed.partner, claimed.id), state: .claimed, route: claimed.route,
            name: claimed.name, size: claimed.size, claimedAt: claimed.claimedAt, place: claimed.place.text, inode: mark
        )
    }

    /// The row of a file that is signed; its state is the caller's.
    static func signed(_ waybill: SignedWaybill) -> ConsignmentRecord {
        var record = claimed(waybill.weighed)
        record.apply(waybill.waybill.label)
        record.waybill = waybill.digest
        record.sentAt = waybill.waybill.signedAt
        record.supersedes = waybill.waybill.supersedes
        record.regime = waybill.waybill.label.basis.regime
        return record
    }

    /// `claimed` and `weighed`, always committed together: before weighing nothing needs an entry.
    static func beginning(_ weighed: WeighedFile, at now: Instant) -> [NewEvent] {
        let record = claimed(weighed)
        let weight = EventDetail([
            "mediaType": .string(weighed.mediaType), "sha256": .string(weighed.sha256.hex),
            "size": .integer(weighed.size),
        ])
        return [
            claim(weighed.claimed, record), event(.weighed, record, weight, at: now, carriesRecord: true),
        ]
    }

    /// `claimed`, which the caller's last event carries the row for.
    static func claim(_ claimed: ClaimedFile, _ record: ConsignmentRecord) -> NewEvent {
        var facts: [String: JSON] = [
            "by": .string(claimed.account), "name": .string(claimed.name), "route": .string(claimed.route.text),
            "stamp": .string(record.inode ?? ""),
        ]
        facts["labelledBy"] = claimed.labelledBy.map { .string($0) }
        // The kernel could not say whether somebody still wrote to it: that it had stood still decided alone.
        if !claimed.writerExcluded { facts["settledOnly"] = .bool(true) }
        return event(.claimed, record, EventDetail(facts), at: claimed.claimedAt)
    }

    /// An event about a record; the row itself is written by the last event of a commit only.
    static func event(
        _ kind: EventKind, _ record: ConsignmentRecord, _ detail: EventDetail, at now: Instant,
        carriesRecord: Bool = false
    ) -> NewEvent {
        NewEvent(
            at: now, kind: kind, consignment: record.key.id, partner: record.key.partner, detail: detail,
            record: carriesRecord ? record : nil)
    }
}
