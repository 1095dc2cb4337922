extension Budget {
    /// What is held and given back.
    package enum Share: String, Hashable, Sendable, CaseIterable {
        /// TCP connections whose handshake is not complete: held by addresses.
        case handshakes
        case connections
        /// Consignments that come in, from the first byte of the request to the answer.
        case arrivals
        /// Requests that bring many: each holds up to 256 answers until its partner has read them.
        case batches
        /// Consignments whose waybill is read, and emergencies beside them.
        case routine, emergencies
        case statements, questions
        /// Memory: waybills that come in; waybills of arrivals; parts; the same of emergencies.
        case unread, waybills, parts, urgentWaybills, urgentParts
        /// Memory: a waybill and a part of the usual size of an emergency, for a partner that finds nothing left of the former.
        case ownUrgentWaybills, ownUrgentParts
        /// Bytes on disk that are promised to arrivals, or kept of those that were cut.
        case staged, urgentStaged
        /// Arrivals that were cut and may be gone on with.
        case resting
    }

    /// What is caused in a time.
    package enum Rate: String, Hashable, Sendable, CaseIterable {
        case consignments, emergencies, statements, news, cards, ledgerBytes

        /// Length of the time.
        package var seconds: Int64 {
            switch self {
            case .consignments, .emergencies, .statements, .news: 60
            case .cards, .ledgerBytes: 3600
            }
        }
    }

    package struct Bound: Hashable, Sendable {
        /// For one partner (or address).
        package var each: Int64
        package var all: Int64

        package init(each: Int64, all: Int64 = .max) { (self.each, self.all) = (each, all) }
    }

    /// Bytes in flight: 70 MiB for the daemon. A part may have 16 MiB and some KiB (`Formats.md`), so that a partner has room
    /// for the greatest one, and two partners have it at a time. Beside that sixteen partners have room for an urgent
    /// waybill and part of the usual size (32 and 512 KiB), whatever others hold: 11 MiB.
    package struct Bounds: Sendable {
        private var shares: [Share: Bound] = [
            .handshakes: Bound(each: 64, all: 256), .connections: Bound(each: 96, all: 512),
            .arrivals: Bound(each: 176), .batches: Bound(each: 4, all: 32), .routine: Bound(each: 64),
            .emergencies: Bound(each: 16),
            .statements: Bound(each: 4, all: 32), .questions: Bound(each: 2, all: 6),
            .unread: Bound(each: 3 << 19, all: 3 << 20), .waybills: Bound(each: 6 << 20, all: 12 << 20),
            .parts: Bound(each: 17 << 20, all: 34 << 20), .urgentWaybills: Bound(each: 3 << 19, all: 2 << 20),
            .urgentParts: Bound(each: 17 << 20, all: 19 << 20),
            .ownUrgentWaybills: Bound(each: 1 << 17, all: 1 << 21), .ownUrgentParts: Bound(each: 9 << 16, all: 9 << 20),
            .staged: Bound(each: 64 << 30), .urgentStaged: Bound(each: 64 << 30), .resting: Bound(each: 256),
        ]
        /// A statement may ask a person for something: people do not make more than so many. What daemons say by themselves,
        /// once for each consignment, is counted apart. A card stays in the ledger for ever; nobody rotates so often.
        private var rates: [Rate: Int64] = [
            .consignments: 120_000, .emergencies: 120_000, .statements: 120, .news: 6000, .cards: 60,
            .ledgerBytes: 4 << 30,
        ]

        package init() {}

        package subscript(share: Share) -> Bound {
            get { shares[share] ?? Bound(each: 0) }
            set { shares[share] = newValue }
        }

        package subscript(rate: Rate) -> Int64 {
            get { rates[rate] ?? 0 }
            set { rates[rate] = newValue }
        }
    }
}

extension Budget.Reason {
    /// For people: of what there was too much.
    package var words: String {
        switch self {
        case .held(.handshakes): "connections that do not prove who they are"
        case .held(.connections): "connections"
        case .held(.arrivals), .held(.batches), .held(.routine), .held(.emergencies): "consignments at a time"
        case .held(.statements): "statements at a time"
        case .held(.questions): "questions about ledgers at a time"
        case .held(.unread), .held(.waybills), .held(.parts), .held(.urgentWaybills), .held(.urgentParts),
            .held(.ownUrgentWaybills), .held(.ownUrgentParts):
            "bytes in memory"
        case .held(.staged), .held(.urgentStaged): "bytes on the disk that are not delivered yet"
        case .held(.resting): "consignments that were broken off"
        case .caused(.consignments), .caused(.emergencies): "consignments in a minute"
        case .caused(.statements), .caused(.news): "statements in a minute"
        case .caused(.cards): "cards in an hour"
        case .caused(.ledgerBytes): "entries in our ledger in an hour"
        }
    }
}
