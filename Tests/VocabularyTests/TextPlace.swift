import Testing
import Vocabulary

/// One text in a tree of JSON.
struct TextPlace: CustomStringConvertible {
    private enum Step {
        case member(String)
        case item(Int)
    }

    private let json: JSON
    private let steps: [Step]
    /// Whose value it is, or in whose list it stands.
    let member: String
    let text: String

    static func all(in json: JSON) -> [TextPlace] { places(json, json, [], "") }

    private static func places(_ json: JSON, _ top: JSON, _ steps: [Step], _ member: String) -> [TextPlace] {
        switch json {
        case .string(let text): [TextPlace(json: top, steps: steps, member: member, text: text)]
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { name, value in
                places(value, top, steps + [.member(name)], name)
            }
        case .array(let items):
            items.enumerated().flatMap { index, item in places(item, top, steps + [.item(index)], member) }
        case .integer, .bool: []
        }
    }

    /// The whole with this text as good as empty, and where it stands.
    func marked() throws -> (bytes: [UInt8], at: Int) {
        let (bytes, mark) = (replaced(by: "here").encoded, Array("here".utf8))
        return (bytes, try #require(bytes.indices.first { bytes[$0...].starts(with: mark) }))
    }

    func replaced(by text: String) -> JSON { Self.replace(json, steps[...], text) }

    private static func replace(_ json: JSON, _ steps: ArraySlice<Step>, _ text: String) -> JSON {
        switch (steps.first, json) {
        case (.member(let name)?, .object(var members)):
            members[name] = members[name].map { replace($0, steps.dropFirst(), text) }
            return .object(members)
        case (.item(let index)?, .array(var items)):
            items[index] = replace(items[index], steps.dropFirst(), text)
            return .array(items)
        default: return .string(text)
        }
    }

    var description: String {
        steps.map { step in
            switch step {
            case .member(let name): ".\(name)"
            case .item(let index): "[\(index)]"
            }
        }.joined()
    }
}

/// Statements with every member that they can have.
enum Full {
    static func waybill(isDated: Bool) throws -> Waybill {
        let plain = try Example.waybill()
        let file = try FileDescription(
            name: plain.file.name, size: plain.file.size, sha256: plain.file.sha256, mediaType: plain.file.mediaType,
            modified: isDated ? plain.signedAt : nil)
        return Waybill(
            id: plain.id, parties: plain.parties, signedAt: plain.signedAt, bind: plain.bind, file: file,
            partSize: plain.partSize, label: try label(), supersedes: plain.supersedes, submittedBy: plain.submittedBy)
    }

    static func label() throws -> Label {
        var label = try Example.label()
        (label.basis.confidentiality, label.basis.consent) = ("health-professional", "kept in the file")
        (label.basis.incapacity, label.basis.request) = ("physically", "REQ-7")
        (label.basis.lawEnforcement, label.basis.transfer) = ("prevention", "UKG-45A")
        (label.basis.authority, label.basis.schedule8) = ("order of 3 May", ["S8-1"])
        (label.asOf, label.nature) = (try CalendarDate("2026-11-20"), "both")
        label.collection = Label.Collection(purpose: "pu-3.2", compatibility: "8A-3-a")
        label.attestation = Label.Attestation(principles: ["lawfulness"], because: "asked by the panel")
        let informed = Label.Informed(status: "exempt", on: try CalendarDate("2026-11-01"), ground: "14-5-f")
        label.subjects = [Label.Subject(ref: "TS-1042", role: "child", informed: informed)]
        return label
    }

    static func card() throws -> Card {
        let plain = try Example.card(certificates: 1)
        return try Card(
            id: plain.id, name: plain.name, address: plain.address, serial: 2, previous: Example.digest(7),
            issuedAt: plain.issuedAt, validUntil: plain.validUntil, certificates: plain.certificates,
            retired: plain.retired, versions: plain.versions)
    }

    static func later(_ kind: LaterStatement.Kind) throws -> LaterStatement {
        let receipt = try Example.receipt()
        let because =
            switch kind {
            case .handover: LaterStatement.Collection.moved.rawValue
            case .uncollected: ""
            default: "Wrong family."
            }
        return LaterStatement(
            kind, consignment: receipt.consignment, waybill: receipt.waybill, parties: receipt.parties,
            because: because, replacement: kind == .correction ? receipt.consignment : nil,
            moment: kind == .handover || kind == .uncollected ? receipt.signedAt : nil, signedAt: receipt.signedAt)
    }

    /// Nothing in it is absent.
    static func require(_ value: Any, _ place: String) throws {
        let mirror = Mirror(reflecting: value)
        let isEmpty = mirror.children.isEmpty
        if mirror.displayStyle == .optional || mirror.displayStyle == .collection {
            #expect(!isEmpty, "\(place) is not in the sample")
        }
        for child in mirror.children { try require(child.value, "\(place).\(child.label ?? "")") }
    }
}
