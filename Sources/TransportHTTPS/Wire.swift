internal import Vocabulary

/// What both ends of the HTTPS transport agree on: `Formats.md`, "HTTPS transport".
enum Wire {
    static let consignments = "/v1/consignments/"
    /// Many at once, and what is known of many (`Frames`).
    static let batch = "/v1/consignments"
    static let states = "/v1/consignments/states"
    static let statements = "/v1/statements"
    static let card = "/v1/card"
    static let checkpoint = "/v1/checkpoint"
    static let addCheckpoint = "/v1/add-checkpoint"
    static let witnessed = "/v1/witnessed"
    static let exchanged = "/v1/exchanged"

    static let cms = "application/cms"
    static let json = "application/json"
    static let problem = "application/problem+json"
    static let frames = "application/vnd.waybill.frames"
    /// A signed note (C2SP).
    static let note = "text/plain; charset=utf-8"
    /// The size that a witness holds (C2SP tlog-witness).
    static let treeSize = "text/x.tlog.size"

    /// Tells which of the two signed statements a body holds: `receipt` or `refusal`.
    static let statementHeader = "waybill-statement"

    /// In every answer: what else than one consignment a request this end takes.
    static let acceptsHeader = "waybill-accepts"
    static let acceptsBatches = "consignments"

    /// Bytes. The most that a statement may have, and any answer but a page of what was exchanged.
    static let greatestStatement = 256 * 1024

    static func path(of id: ConsignmentID, from part: Int) -> String {
        part == 1 ? consignments + id.text : "\(consignments)\(id.text)?from=\(part)"
    }

    static func path(ofExchangedSince since: Instant, after: ConsignmentID?) -> String {
        "\(exchanged)?since=\(since)" + (after.map { "&after=\($0.text)" } ?? "")
    }
}

/// Which of two signed statements an answer holds.
enum AnswerKind: String {
    case receipt, refusal
}
