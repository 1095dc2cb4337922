package import Exchange
package import FoundationEssentials
package import Ledger
package import Policy
package import Vocabulary

/// What officers may ask of the running daemon, over the control socket. Who asks, the kernel says: no request holds it.
///
///     {"release":{"because":"...","id":"0199..."}}   ->   {"ok":true} | {"ok":false,"why":"..."}
package enum ControlRequest: Codable, Hashable, Sendable {
    case status, reload, checkpoint
    // Files that wait for a person, or were sent.
    case release(id: ConsignmentID, because: String)
    case reject(id: ConsignmentID, because: String, test: NotSharing?)
    case recall(id: ConsignmentID, because: String)
    // What the recipient says of what it got.
    case accept(id: ConsignmentID, partner: AgencyID?, because: String?)
    case destroyed(id: ConsignmentID, partner: AgencyID?, because: String)
    case retained(id: ConsignmentID, partner: AgencyID?, because: String)
    case misdirected(id: ConsignmentID, partner: AgencyID?, because: String)
    // Duties.
    case closeDuty(id: ConsignmentID, because: String)
    case closeNotice(id: ConsignmentID, ground: String, evidence: NoticeEvidence)
    case deferNotice(id: ConsignmentID, ground: String, until: CalendarDate?, evidence: NoticeEvidence)
    case noticeContact(id: ConsignmentID, on: Occasion)
    // Partners, and what they witness.
    case addPartner(card: Data, fingerprint: Fingerprint)
    case removePartner(id: AgencyID)
    case revokePartner(id: AgencyID, because: String)
    case testPartner(id: AgencyID)
    case witnessSeen(partner: AgencyID, because: String)
    case recover(because: String, evenSo: Bool)
    /// A new key for a role and our newest card; without a role the card alone. Nothing is in use yet.
    case prepareKey(role: Role?)
    /// Takes the card that the identity key signed into use.
    case installCard(card: Data, urgent: Bool)
    /// Unless `sure`, it only says what it would do.
    case acceptPlace(folder: String, sure: Bool)
    /// Who chooses by a person's reference has read the ledger to find the ids; the reference travels too, so that the daemon
    /// itself sees whom else a record names, and is not kept.
    case erase(consignments: [ConsignmentKey], wish: EraseWish)
    case finishErasing

    /// As the log names them.
    enum CodingKeys: String, CodingKey, CaseIterable {
        case accept, checkpoint, destroyed, erase, misdirected, recall, recover, reject, release, reload, retained,
            status
        case acceptPlace = "accept-place"
        case addPartner = "partner-add"
        case closeDuty = "duty-close"
        case closeNotice = "notice-close"
        case deferNotice = "notice-defer"
        case finishErasing = "erase-finish"
        case installCard = "keys-install"
        case noticeContact = "notice-contact"
        case prepareKey = "keys-prepare"
        case removePartner = "partner-remove"
        case revokePartner = "partner-revoke"
        case testPartner = "partner-test"
        case witnessSeen = "witness-seen"
    }

    /// Neither signs nor changes anything that a restored ledger should know.
    package var worksStandingStill: Bool {
        switch self {
        case .status, .testPartner, .recover, .reload: true
        default: false
        }
    }
}

extension ControlRequest {
    /// The bounds of `JSON(request:)` are the door (decision 0033): nothing else reads a byte before them.
    package init(reading bytes: [UInt8]) throws(Malformed) {
        let json = try JSON(request: bytes)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
            // Unknown to us, it may be what matters: who sent it is of another version.
            guard try self.json == json else {
                throw Malformed("request", "has a member that this version does not know")
            }
        } catch {
            throw Self.malformed(error)
        }
    }

    private static func malformed(_ error: any Error) -> Malformed {
        switch error {
        case let wrong as Malformed: wrong
        case DecodingError.keyNotFound(let key, _): Malformed("request", "lacks the member \(key.stringValue)")
        case DecodingError.typeMismatch(_, let place) where place.codingPath.isEmpty:
            Malformed("request", "unknown verb")
        case DecodingError.typeMismatch(_, let place), DecodingError.valueNotFound(_, let place),
            DecodingError.dataCorrupted(let place):
            Malformed(place.codingPath.last?.stringValue ?? "request", "is not understood")
        default: Malformed("request", "is not understood")
        }
    }

    package var encoded: [UInt8] { get throws { try json.encoded } }

    /// `release`, `partner-add`, ...
    package var verb: String {
        guard case .object(let members)? = try? json else { return "" }
        return members.keys.first ?? ""
    }

    private var json: JSON {
        get throws { try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(self)) }
    }
}

/// What the daemon says to a request: members by name, or why it was not done. Not `Codable`: it may hold all that is under
/// way, and `JSON` reads that without trying what each value is.
package enum ControlAnswer: Hashable, Sendable {
    case done([String: JSON])
    case refused(String)

    /// Whatever is wrong with a request, who asked hears of it.
    package init(
        to request: [UInt8], _ perform: (ControlRequest) async throws -> [String: JSON]
    ) async {
        do { self = .done(try await perform(ControlRequest(reading: request))) } catch { self = .refused("\(error)") }
    }

    /// Our own daemon's, which may show what a ledger kept.
    package init(reading bytes: [UInt8]) throws(Malformed) {
        guard case .object(var members) = try JSON(kept: bytes) else { throw Malformed("answer", "must be an object") }
        switch members.removeValue(forKey: "ok") {
        case .bool(true): self = .done(members)
        case .bool(false):
            guard case .string(let why)? = members["why"] else { throw Malformed("answer", "does not say why") }
            self = .refused(why)
        default: throw Malformed("answer", "says neither yes nor no")
        }
    }

    package var json: JSON {
        switch self {
        case .done(let members): .object(members.merging(["ok": .bool(true)]) { $1 })
        case .refused(let why): .object(["ok": .bool(false), "why": .string(why)])
        }
    }
}

// Words of other rooms, as they stand in a request.

extension Erasure.Selector: Codable {}
extension NotSharing: Codable {}

extension Erasure.Although: Codable {
    package init(from decoder: any Decoder) throws { try self.init(JSON(from: decoder)) }
    package func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

extension ConsignmentKey: TextCoded {
    /// `sent cleveland-police 0199...`
    package var spelled: String { "\(direction.rawValue) \(partner) \(id)" }

    package init(_ text: String) throws(Malformed) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, let direction = Direction(rawValue: words[0]) else {
            throw Malformed("request", "a consignment is named by direction, partner and id")
        }
        self.init(direction, try AgencyID(words[1]), try ConsignmentID(words[2]))
    }
}
