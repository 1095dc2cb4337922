internal import Transport
internal import Vocabulary

/// RFC 9457 problem details: `type` carries the kind, `detail` the words for a person.
enum ProblemDetails {
    private static let prefix = "urn:waybill:problem:"

    /// - Parameter retryAfter: where no header tells it.
    static func encode(_ problem: Problem, retryAfter: Int64? = nil) -> [UInt8] {
        var members: [String: JSON] = [
            "detail": .string(problem.detail), "status": .integer(Int64(status(of: problem.kind))),
            "title": .string(title(of: problem.kind)), "type": .string(prefix + problem.kind.rawValue),
        ]
        members["retryAfter"] = retryAfter.map(JSON.integer)
        return JSON.object(members).encoded
    }

    /// Seconds.
    static func retryAfter(in body: [UInt8]) -> Int64? {
        guard case .object(let members)? = try? JSON(request: body), case .integer(let seconds)? = members["retryAfter"]
        else { return nil }
        return seconds
    }

    /// The kind alone: words of the partner are never shown or logged, since nobody vouches for what they hold.
    static func kind(in body: [UInt8]) -> Problem.Kind? {
        type(in: body, after: prefix).flatMap(Problem.Kind.init)
    }

    private static let witnessPrefix = "urn:waybill:witness:"

    static func encode(_ refusal: WitnessRefusal) -> [UInt8] {
        JSON.object([
            "status": .integer(Int64(refusal.status)), "title": .string("This checkpoint is not countersigned"),
            "type": .string(witnessPrefix + refusal.rawValue),
        ]).encoded
    }

    static func refusal(in body: [UInt8]) -> WitnessRefusal? {
        type(in: body, after: witnessPrefix).flatMap(WitnessRefusal.init)
    }

    private static func type(in body: [UInt8], after prefix: String) -> String? {
        guard case .object(let members)? = try? JSON(request: body), case .string(let type)? = members["type"],
            type.hasPrefix(prefix)
        else { return nil }
        return String(type.dropFirst(prefix.count))
    }

    static func status(of kind: Problem.Kind) -> Int {
        switch kind {
        case .malformed, .clock: 400
        case .notAllowed: 403
        case .unknownConsignment: 404
        case .cutShort: 408
        case .tooLarge: 413
        case .ours: 500
        case .busy: 503
        case .full: 507
        }
    }

    private static func title(of kind: Problem.Kind) -> String {
        switch kind {
        case .malformed: "The request is not one that this version understands"
        case .clock: "It bears a date that cannot be: compare clocks"
        case .notAllowed: "The certificate belongs to no partner"
        case .unknownConsignment: "Nothing is known under this name"
        case .cutShort: "The body did not arrive whole"
        case .tooLarge: "The body is too large"
        case .ours: "Something is wrong at this end"
        case .busy: "Busy; try again later"
        case .full: "No space is left at this end; try again later"
        }
    }
}
