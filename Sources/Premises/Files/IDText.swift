package import Vocabulary

/// A consignment id as a person types it: whole, or its beginning or end of at least eight characters.
package enum IDText: Hashable, Sendable {
    case whole(ConsignmentID)
    /// Hexadecimal digits without hyphens.
    case part(String)

    package static let least = 8

    /// Nil if it cannot be one.
    package init?(_ typed: String) {
        let lower = typed.lowercased()
        if let id = try? ConsignmentID(lower) {
            self = .whole(id)
            return
        }
        let digits = lower.filter { $0 != "-" && $0 != "…" }
        let isHex = digits.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard isHex, (Self.least..<32).contains(digits.utf8.count) else { return nil }
        self = .part(digits)
    }

    package func matches(_ id: ConsignmentID) -> Bool {
        switch self {
        case .whole(let whole): return whole == id
        case .part(let digits):
            let all = id.text.filter { $0 != "-" }
            return all.hasPrefix(digits) || all.hasSuffix(digits)
        }
    }
}
