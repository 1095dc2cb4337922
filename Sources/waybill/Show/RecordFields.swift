internal import Ledger
internal import Policy
internal import Vocabulary

/// A consignment in the fields of `waybill ledger list`, one source for JSON, CSV and the table.
struct RecordFields {
    let record: ConsignmentRecord
    /// What the recipient answered when it was asked back, if it was and they did.
    var recall: LaterStatement.Kind?

    /// As people are to read it: a file that its recipient keeps did not come back, whatever we asked.
    var state: String { recall == .retained ? Self.retained : record.state.rawValue }
    private static let retained = "retained"
    static let states = ConsignmentState.allCases.map(\.rawValue) + [retained]

    static let names = [
        "id", "direction", "partner", "route", "name", "size", "sha256", "purpose", "categories", "basis", "agreement",
        "state", "claimedAt", "sentAt", "deliveredAt", "receiptSHA256", "regime", "emergency", "decidedBy",
        "supersedes", "erasedAt",
    ]

    /// In the order of `names`.
    var members: [(String, JSONText)] { Array(zip(Self.names, values)) }

    private var values: [JSONText] {
        [
            .text(record.key.id.text), .text(record.key.direction.rawValue), .text(record.key.partner.text),
            .text(record.route.text), .text(record.name), .number(record.size), .text(record.sha256?.hex),
            .text(record.purpose), .texts(record.categories), .texts(record.basis), .text(record.agreement),
            .text(state), .time(record.claimedAt), .time(record.sentAt), .time(record.deliveredAt),
            .text(record.receiptSHA256?.hex), .text(Self.known(record.regime)), .flag(record.isEmergency),
            .text(Self.known(record.decidedBy)), .text(record.supersedes?.text),
            .time(record.erasedAt),
        ]
    }

    /// In place of the name.
    static func unnamed(_ record: ConsignmentRecord) -> String {
        record.erasedAt.map { "(erased on \($0.londonDate))" } ?? "(erased)"
    }

    private static func known(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// Lists are joined by spaces, what is not known is empty.
    var cells: [String] {
        values.map { value in
            switch value {
            case .json(.string(let text)): text
            case .json(.integer(let number)): String(number)
            case .json(.bool(let flag)): flag ? "yes" : "no"
            case .json(let list): list.items.compactMap(\.string).joined(separator: " ")
            case .null, .object, .array: ""
            }
        }
    }
}

extension RecordFields {
    static func table() -> Table {
        Table([
            .init("ID (END)"), .init("WHEN (UTC)"), .init("WAY"), .init("PARTNER"), .init("ROUTE"),
            .init("SIZE", .right),
            .init("STATE"), .init("NAME", most: Terminal.isScreen ? 60 : 0),
        ])
    }

    var row: [String] {
        [
            Words.short(record.key.id), Words.moment(record.claimedAt ?? record.sentAt),
            record.key.direction == .sent ? "sent" : "received", record.key.partner.text, record.route.text,
            Words.bytes(record.size), state, record.name ?? Self.unnamed(record),
        ]
    }
}
