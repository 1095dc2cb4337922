internal import HTTPTypes
internal import HummingbirdCore
internal import Transport
internal import Vocabulary

/// What a request asks for. The only reader of paths that partners send.
enum Route: Hashable {
    case putConsignment(ConsignmentID, from: Int)
    case getConsignment(ConsignmentID)
    case postBatch, postStates
    case postStatement, getCard, getCheckpoint
    case addCheckpoint, getWitnessed
    case getExchanged(since: Instant, after: ConsignmentID?)
    case malformed(String)
    case unknown

    init(_ request: Request) {
        let path = request.uri.path
        switch (request.method, path) {
        case (.post, Wire.batch): self = .postBatch
        case (.post, Wire.states): self = .postStates
        case (.post, Wire.statements): self = .postStatement
        case (.get, Wire.card): self = .getCard
        case (.get, Wire.checkpoint): self = .getCheckpoint
        case (.post, Wire.addCheckpoint): self = .addCheckpoint
        case (.get, Wire.witnessed): self = .getWitnessed
        case (.get, Wire.exchanged): self = .exchanged(query: request.uri.query)
        case (.put, _) where path.hasPrefix(Wire.consignments): self = .put(path, query: request.uri.query)
        case (.get, _) where path.hasPrefix(Wire.consignments):
            self = Self.id(in: path).map(Route.getConsignment) ?? Self.badID
        default: self = .unknown
        }
    }

    /// What a request holds of its partner's budget until it is answered.
    var share: Budget.Share? {
        switch self {
        case .putConsignment: .arrivals
        case .postBatch: .batches
        case .postStatement, .postStates: .statements
        case .addCheckpoint, .getWitnessed, .getExchanged: .questions
        case .getConsignment, .getCard, .getCheckpoint, .malformed, .unknown: nil
        }
    }

    private static let badID = Route.malformed("The consignment id must be a lower-case UUID of version 7.")

    private static func id(in path: String) -> ConsignmentID? {
        try? ConsignmentID(String(path.dropFirst(Wire.consignments.count)))
    }

    private static func put(_ path: String, query: String?) -> Route {
        guard let id = id(in: path) else { return badID }
        guard let query else { return .putConsignment(id, from: 1) }
        guard query.hasPrefix("from="), let part = Int(query.dropFirst(5)), part >= 1, query == "from=\(part)" else {
            return .malformed("The query must be from=K, where K is a part counting from 1.")
        }
        return .putConsignment(id, from: part)
    }

    /// The one spelling that `Wire.path(ofExchangedSince:after:)` writes.
    private static func exchanged(query: String?) -> Route {
        let wrong = Route.malformed("The query must be since=YYYY-MM-DDTHH:MM:SS.mmmZ and may go on with &after=ID.")
        let fields = (query ?? "").split(separator: "&", omittingEmptySubsequences: false)
        guard fields.count <= 2, let since = fields.first.flatMap({ value("since", $0) }),
            let since = try? Instant(since)
        else { return wrong }
        guard fields.count == 2 else { return .getExchanged(since: since, after: nil) }
        guard let after = value("after", fields[1]), let after = try? ConsignmentID(after) else { return wrong }
        return .getExchanged(since: since, after: after)
    }

    private static func value(_ name: String, _ field: Substring) -> String? {
        field.hasPrefix(name + "=") ? String(field.dropFirst(name.utf8.count + 1)) : nil
    }
}
