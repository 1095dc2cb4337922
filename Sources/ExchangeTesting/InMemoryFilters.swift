internal import Folders
internal import Ledger
internal import Vocabulary

extension LedgerFilter {
    /// The meaning of the filter, condition by condition.
    func admits(_ record: ConsignmentRecord, first: Instant) -> Bool {
        let key = record.key
        return admits(partner, key.partner) && admits(direction, key.direction) && admits(id, key.id)
            && (supersedes.map { record.supersedes == $0 } ?? true) && (states?.contains(record.state) ?? true)
            && (since.map { first >= $0 } ?? true) && (until.map { first < $0 } ?? true)
            && (caseReference.map(record.cases.contains) ?? true) && (sha256.map { record.sha256 == $0 } ?? true)
            && (name.map { Glob($0).matches(record.name) } ?? true)
            && (likeName.map { Glob(Self.key($0)).matches(record.name.map(Self.key)) } ?? true)
    }

    private static func key(_ name: String) -> String { String(decoding: SafeName.clashKey(name), as: UTF8.self) }

    private func admits<Value: Equatable>(_ wanted: Value?, _ value: Value) -> Bool { wanted == nil || wanted == value }
}

extension DutyFilter {
    /// The meaning of the filter, condition by condition.
    func admits(_ duty: Duty) -> Bool {
        (id.map { duty.id == $0 } ?? true) && (kinds?.contains(duty.kind) ?? true)
            && (states?.contains(duty.state) ?? true) && (subject.map { duty.subject == $0 } ?? true)
            && (consignment.map { duty.consignment == $0 } ?? true)
            && (partner.map { duty.consignment.partner == $0 } ?? true)
            && (dueBefore.map { duty.next < $0 } ?? true)
            && (after.map { ($0.next, $0.id) < (duty.next, duty.id) } ?? true)
    }
}

/// SQLite's GLOB: `*`, `?` and sets such as `[a-z]` or `[^0-9]`, by code point and case-sensitive.
private struct Glob {
    private let pattern: [Unicode.Scalar]

    init(_ text: String) { pattern = Array(text.unicodeScalars) }

    func matches(_ name: String?) -> Bool { name.map { matches(pattern[...], Array($0.unicodeScalars)[...]) } ?? false }

    private func matches(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let head = pattern.first else { return text.isEmpty }
        if head == "*" {
            return matches(pattern.dropFirst(), text) || !text.isEmpty && matches(pattern, text.dropFirst())
        }
        guard let character = text.first else { return false }
        if head == "[" { return matchesSet(pattern.dropFirst(), character, text.dropFirst()) }
        return (head == "?" || head == character) && matches(pattern.dropFirst(), text.dropFirst())
    }

    private func matchesSet(
        _ pattern: ArraySlice<Unicode.Scalar>, _ character: Unicode.Scalar, _ rest: ArraySlice<Unicode.Scalar>
    ) -> Bool {
        let isInverted = pattern.first == "^"
        let body = isInverted ? pattern.dropFirst() : pattern
        // A bracket right after the opening one stands for itself.
        guard let end = body.dropFirst().firstIndex(of: "]") else { return false }
        let set = Array(body[..<end])
        var isMember = false
        var i = 0
        while i < set.count {
            if i + 2 < set.count, set[i + 1] == "-" {
                isMember = isMember || set[i] <= character && character <= set[i + 2]
                i += 3
            } else {
                isMember = isMember || set[i] == character
                i += 1
            }
        }
        return isMember != isInverted && matches(body[(end + 1)...], rest)
    }
}
