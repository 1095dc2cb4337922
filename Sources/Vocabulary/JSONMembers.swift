/// Takes the members of a JSON object one by one and, at the end, refuses any that nobody asked for.
package struct JSONMembers {
    private let what: String
    private var left: [String: JSON]

    /// - Parameter what: what is being read, for messages.
    package init(_ json: JSON, of what: String) throws(Malformed) {
        guard case .object(let members) = json else { throw Malformed(what, "must be an object") }
        self.what = what
        left = members
    }

    /// Refuses members that were not taken: a new member is a new version of the statement. Their names are a partner's
    /// words, and stand in no message.
    package func end() throws(Malformed) {
        guard left.isEmpty else { throw Malformed(what, "has a member that this version does not know") }
    }

    package mutating func optional(_ name: String) -> JSON? { left.removeValue(forKey: name) }

    package mutating func json(_ name: String) throws(Malformed) -> JSON {
        guard let value = left.removeValue(forKey: name) else { throw Malformed(what, "lacks the member \(name)") }
        return value
    }

    package mutating func string(_ name: String) throws(Malformed) -> String {
        guard case .string(let text) = try json(name) else { throw Malformed(what, "\(name) must be a string") }
        return text
    }

    package mutating func integer(_ name: String) throws(Malformed) -> Int64 {
        guard case .integer(let number) = try json(name) else { throw Malformed(what, "\(name) must be an integer") }
        return number
    }

    package mutating func bool(_ name: String) throws(Malformed) -> Bool {
        guard case .bool(let value) = try json(name) else { throw Malformed(what, "\(name) must be true or false") }
        return value
    }

    package mutating func array(_ name: String) throws(Malformed) -> [JSON] {
        guard case .array(let items) = try json(name) else { throw Malformed(what, "\(name) must be an array") }
        return items
    }

    package mutating func strings(_ name: String) throws(Malformed) -> [String] {
        var texts: [String] = []
        for item in try array(name) {
            guard case .string(let text) = item else { throw Malformed(what, "\(name) must hold strings") }
            texts.append(text)
        }
        return texts
    }

    package mutating func optionalString(_ name: String) throws(Malformed) -> String? {
        left[name] == nil ? nil : try string(name)
    }

    package mutating func agency(_ name: String) throws(Malformed) -> AgencyID { try AgencyID(string(name)) }
    package mutating func digest(_ name: String) throws(Malformed) -> Digest { try Digest(hex: string(name)) }
    package mutating func instant(_ name: String) throws(Malformed) -> Instant { try Instant(string(name)) }
    package mutating func consignment(_ name: String) throws(Malformed) -> ConsignmentID {
        try ConsignmentID(string(name))
    }

    /// Requires `statement` to be exactly this, so that a signature over one kind can never serve as another.
    package mutating func statement(_ kind: String) throws(Malformed) {
        guard try string("statement") == kind else { throw Malformed(what, "is not a \(kind)") }
    }

    /// Requires one of two versions of a statement, and says which it is.
    mutating func statement(_ kind: String, or other: String) throws(Malformed) -> String {
        let found = try string("statement")
        guard [kind, other].contains(found) else { throw Malformed(what, "is neither a \(kind) nor a \(other)") }
        return found
    }
}
