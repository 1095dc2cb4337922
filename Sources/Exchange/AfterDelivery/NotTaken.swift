internal import Folders
internal import Ledger
internal import Logging
internal import Vocabulary

/// Urgent files that were delivered and that nobody has taken: delivered is not read.
///
/// Both sides raise `urgent-not-taken/PARTNER` until each is taken or a person has closed it: the recipient about what lies
/// in its inbox, the sender about what the recipient's daemon has signed to be lying there; and the sender's receipt note
/// says first whom to telephone. All of it is derived from the ledger, again after a restart.
actor NotTaken {
    private static let alarm = "urgent-not-taken/"
    private static let most = 10_000

    private let agency: Agency
    private let collections: Uncollected
    /// Whose notes say so now; nil until the ledger was asked what a former life may have left.
    private var noted: [ConsignmentKey: ConsignmentRecord]?
    private var isCalm = false

    init(_ agency: Agency, _ collections: Uncollected) { (self.agency, self.collections) = (agency, collections) }

    /// Looks at both sides and sets alarms and notes right.
    /// - Parameter mayBeNew: something has come or was heard; if nothing has and all was calm, nobody is asked.
    func look(mayBeNew: Bool) async {
        guard mayBeNew || !isCalm || !collections.urgent.isEmpty else { return }
        do {
            let owed = try await agency.ledger.duties(.open(.uncollected), limit: Self.most).filter(\.isUrgent)
            let lying = try await lying()
            raise(lying, owed)
            try await note(owed)
            isCalm = lying.isEmpty && owed.isEmpty && noted?.isEmpty ?? true
        } catch {
            agency.log.error("urgent files cannot be looked after", metadata: ["why": "\(error)"])
        }
    }

    /// What lies here for too long and no person has closed.
    private func lying() async throws -> [UncollectedFile] {
        let oldest = agency.clock.now().adding(seconds: -Int64(agency.rules.collectEmergency))
        var lying: [UncollectedFile] = []
        for item in collections.urgent where item.since <= oldest {
            var filter = DutyFilter.open(.collection)
            filter.id = item.duty
            if try await agency.ledger.duties(filter, limit: 1).isEmpty {
                collections.remove(item.key)
            } else {
                lying.append(item)
            }
        }
        return lying
    }

    private func raise(_ lying: [UncollectedFile], _ owed: [Duty]) {
        let here = Dictionary(grouping: lying, by: \.key.partner).mapValues { wordsHere($0) }
        let there = Dictionary(grouping: owed, by: \.consignment.partner).mapValues { wordsThere($0) }
        let alarms = here.merging(there) { "\($0) \($1)" }
        for (partner, words) in alarms { agency.alarms.alarm("\(Self.alarm)\(partner)", words) }
        for name in agency.alarms.current.keys where name.hasPrefix(Self.alarm) {
            guard let partner = try? AgencyID(String(name.dropFirst(Self.alarm.count))), alarms[partner] == nil else {
                continue
            }
            agency.alarms.alarm(name, nil)
        }
    }

    private func wordsHere(_ lying: [UncollectedFile]) -> String {
        guard let first = lying.first else { return "" }
        return
            "An urgent file from \(first.key.partner) has lain in the inbox since \(Notes.moment(first.since)): open it "
            + "now. waybill ledger show \(first.key.id)" + Self.more(lying.count)
    }

    private func wordsThere(_ owed: [Duty]) -> String {
        guard let first = owed.first else { return "" }
        let partner = first.consignment.partner
        return
            "\(Notes.nobodyHasTaken(ring: agency.rules.contacts.whomToRing(partner))) An urgent file for \(partner) was "
            + "delivered and lies there. waybill ledger show \(first.consignment.id)" + Self.more(owed.count)
    }

    private static func more(_ count: Int) -> String { count < 2 ? "" : " (and \(count - 1) more)" }

    // MARK: - Notes

    private func note(_ owed: [Duty]) async throws {
        var noted: [ConsignmentKey: ConsignmentRecord]
        if let known = self.noted { noted = known } else { noted = try await leftBehind() }
        let open = Set(owed.map(\.consignment))
        for (key, record) in noted where !open.contains(key) {
            if await write(nil, beside: record) { noted.removeValue(forKey: key) }
        }
        for key in open where noted[key] == nil {
            guard let record = try await agency.ledger.record(key) else { continue }
            let ring = agency.rules.contacts.whomToRing(key.partner)
            if await write(ring, beside: record) { noted[key] = record }
        }
        self.noted = noted
    }

    /// Files whose note a former life may have left as it was before somebody took them.
    private func leftBehind() async throws -> [ConsignmentKey: ConsignmentRecord] {
        var filter = DutyFilter()
        (filter.kinds, filter.states) = ([.uncollected], [.closed])
        let oldest = agency.clock.now().adding(seconds: -Int64(agency.rules.sentRetention))
        var records: [ConsignmentKey: ConsignmentRecord] = [:]
        for duty in try await agency.ledger.duties(filter, limit: Self.most) where duty.isUrgent {
            guard duty.closedAt ?? oldest > oldest else { continue }
            records[duty.consignment] = try await agency.ledger.record(duty.consignment)
        }
        return records
    }

    /// False: not now, such as before the note itself has been written. One that is gone for good is done.
    private func write(_ ring: String?, beside record: ConsignmentRecord) async -> Bool {
        let layout = agency.layout
        do {
            return try await Blocking.run {
                guard let note = try ReceiptNote.find(record, in: layout) else { return ring == nil }
                CrashPoint.beforeNotTakenNote.pass()
                try note.begin(with: ring.map { Notes.nobodyHasTaken(ring: $0) })
                return true
            }
        } catch {
            agency.log.notice(
                "a note could not be set right", metadata: ["consignment": "\(record.key.id)", "why": "\(error)"])
            return false
        }
    }
}
