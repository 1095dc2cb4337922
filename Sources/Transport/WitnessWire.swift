/// Bytes. The most that questions about ledgers and their answers may have, whichever road carries them.
package enum QuestionBounds {
    /// A C2SP tlog-witness request: a signed note of 64 KiB and 4 KiB of consistency proof.
    package static let request = 68 * 1024
    /// The signature lines that a witness answers.
    package static let signatures = 16 * 1024
    /// A signed note.
    package static let note = 64 * 1024
    /// One page of what was exchanged.
    package static let page = 4 << 20
}

/// A witness's answer as every road carries it: a status and a body (C2SP tlog-witness, `add-checkpoint`).
///
///     200                  signature lines: `— `, a name, base64, a line feed
///     409                  the size that the witness holds, decimal, a line feed
///     400, 403, 404, 422   no body that means anything
extension WitnessAnswer {
    package var status: Int {
        switch self {
        case .countersigned: 200
        case .holds: 409
        case .refused(let why): why.status
        }
    }

    package var body: [UInt8] {
        switch self {
        case .countersigned(let lines): lines
        case .holds(let size): Array("\(size)\n".utf8)
        case .refused: []
        }
    }

    /// Reads the one spelling; nil for anything else. A refusal has an empty body here.
    package init?(status: Int, body: [UInt8]) {
        switch status {
        case 200 where Self.areSignatureLines(body): self = .countersigned(body)
        case 409:
            guard let size = Int64(String(decoding: body.dropLast(), as: UTF8.self)), size >= 0 else { return nil }
            self = .holds(size: size)
        default:
            guard let why = WitnessRefusal.allCases.first(where: { $0.status == status }) else { return nil }
            self = .refused(why)
        }
        guard self.body == body else { return nil }
    }

    /// The shape alone: what stands in the lines is for the reader of signed notes.
    private static func areSignatureLines(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= QuestionBounds.signatures, bytes.last == UInt8(ascii: "\n") else { return false }
        let lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.allSatisfy { line in
            line.starts(with: "— ".utf8) && line.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
        }
    }
}

extension WitnessRefusal {
    /// The HTTP status that C2SP tlog-witness gives it.
    package var status: Int {
        switch self {
        case .malformed: 400
        case .unknownKey: 403
        case .unknownOrigin: 404
        case .inconsistent: 422
        }
    }
}
