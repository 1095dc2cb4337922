internal import Ledger
internal import Vocabulary

/// Texts with U+0000 that the events about a consignment hold and that its row repeats.
struct SignedTexts {
    private var purposes: [String] = []
    private var agreements: [String] = []
    private var deciders: [String] = []
    private var reasons: [String] = []

    /// Rows that differ in one or more of these texts; as many as a partner can have made, and no more.
    private static let most = 4096

    mutating func take(_ detail: EventDetail) {
        for json in [detail.facts, Self.signed(detail.statement)] {
            guard case .object(let members)? = json else { continue }
            Self.take(members, "because", &reasons)
            Self.take(members, "explanation", &reasons)
            Self.take(members, "by", &deciders)
            guard case .object(let label)? = members["label"] else { continue }
            Self.take(label, "purpose", &purposes)
            Self.take(label, "decidedBy", &deciders)
            take(agreement: label["agreement"])
        }
    }

    private static func take(_ members: [String: JSON], _ name: String, _ texts: inout [String]) {
        guard case .string(let text)? = members[name], text.utf8.contains(0), !texts.contains(text) else { return }
        texts.append(text)
    }

    /// A row has both members in one.
    private mutating func take(agreement json: JSON?) {
        guard case .object(let pinned)? = json, case .string(let id)? = pinned["id"],
            case .string(let version)? = pinned["version"]
        else { return }
        Self.take(["agreement": .string("\(id)@\(version)")], "agreement", &agreements)
    }

    /// The record with every choice of the texts that begin as its own do.
    func fillings(of record: ConsignmentRecord) -> [ConsignmentRecord] {
        var records = [record]
        func fill(_ texts: [String], _ current: String?, _ set: (inout ConsignmentRecord, String) -> Void) {
            guard let current else { return }
            let fitting = texts.filter { $0.utf8.prefix { $0 != 0 }.elementsEqual(current.utf8) }
            guard records.count * (fitting.count + 1) <= Self.most else { return }
            records += records.flatMap { record in
                fitting.map { text in
                    var other = record
                    set(&other, text)
                    return other
                }
            }
        }
        fill(purposes, record.purpose) { $0.purpose = $1 }
        fill(agreements, record.agreement) { $0.agreement = $1 }
        fill(deciders, record.decidedBy) { $0.decidedBy = $1 }
        fill(reasons, record.why) { $0.why = $1 }
        return records
    }

    /// The JSON inside a signature. This room reads no DER: whatever begins like an object and is JSON in our spelling is
    /// tried, and believed only where a digest proves it.
    private static func signed(_ statement: [UInt8]) -> JSON? {
        for start in statement.indices where statement[start...].starts(with: #"{""#.utf8) {
            guard let end = end(of: statement[start...]) else { continue }
            if let json = try? JSON(kept: Array(statement[start...end])) { return json }
        }
        return nil
    }

    /// Where the object that begins here ends.
    private static func end(of bytes: ArraySlice<UInt8>) -> Int? {
        var (depth, isText, isEscaped) = (0, false, false)
        for (index, byte) in zip(bytes.indices, bytes) {
            if isEscaped {
                isEscaped = false
            } else if isText {
                (isText, isEscaped) = (byte != UInt8(ascii: "\""), byte == UInt8(ascii: "\\"))
            } else {
                isText = byte == UInt8(ascii: "\"")
                if byte == UInt8(ascii: "{") { depth += 1 }
                if byte == UInt8(ascii: "}") { depth -= 1 }
                if depth == 0 { return index }
            }
        }
        return nil
    }
}
