internal import HTTPTypes
internal import HummingbirdCore
internal import Vocabulary

/// What a request asks for. The only reader of paths that partners send.
enum Route: Hashable {
    case putConsignment(ConsignmentID, from: Int)
    case getConsignment(ConsignmentID)
    case postStatement, getCard, getCheckpoint
    case malformed(String)
    case unknown

    init(_ request: Request) {
        let path = request.uri.path
        switch (request.method, path) {
        case (.post, Wire.statements): self = .postStatement
        case (.get, Wire.card): self = .getCard
        case (.get, Wire.checkpoint): self = .getCheckpoint
        case (.put, _) where path.hasPrefix(Wire.consignments): self = .put(path, query: request.uri.query)
        case (.get, _) where path.hasPrefix(Wire.consignments):
            self = Self.id(in: path).map(Route.getConsignment) ?? Self.badID
        default: self = .unknown
        }
    }

    private static let badID = Route.malformed("The consignment id must be a lower-case UUID of version 7.")

    private static func id(in path: String) -> ConsignmentID? {
        try? ConsignmentID(String(path.dropFirst(Wire.consignments.count)))
    }

    private static func put(_ path: String, query: String?) -> Route {
        guard let id = id(in: path) else { return badID }
        guard let query else { return .putConsignment(id, from: 1) }
        guard query.hasPrefix("from="), let part = Int(query.dropFirst(5)), part >= 1 else {
            return .malformed("The query must be from=K, where K is a part counting from 1.")
        }
        return .putConsignment(id, from: part)
    }
}
