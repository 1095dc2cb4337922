/// One place where bytes are read that a partner sent, or whoever reaches us: the very code, below every signature.
///
/// Entered by `make test` with the corpus and some mutations of it, and by `make fuzz` with millions.
package struct Door: Sendable {
    package let name: String
    /// Bytes of the longest input that is tried: more finds nothing that less would not.
    package let longest: Int
    /// Of a thousand executions, so many are this door's.
    package let share: Int
    private let read: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, longest: Int, share: Int, _ read: @escaping @Sendable ([UInt8]) throws -> Void) {
        (self.name, self.longest, self.share, self.read) = (name, longest, share, read)
    }

    /// Every door of Waybill, each with another name.
    package static let all: [Door] = [
        .request, .answer, .frames, .stream, .sealed, .signed, .certificate, .timestamp, .json, .statement, .card,
        .note,
        .ledger, .proof, .names, .document,
    ]

    /// True: taken; false: refused. Both are right; what is never right is `Broken`, a trap or no end.
    @discardableResult
    package func enter(_ bytes: [UInt8]) throws(Broken) -> Bool {
        do {
            try read(bytes)
            return true
        } catch let broken as Broken {
            throw broken
        } catch {
            return false
        }
    }
}

/// A door let something through that it promises to keep out, or gave something back that had not come in.
package struct Broken: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}

/// Nothing wrong with the reader: the input is not one.
struct Refused: Error {}
