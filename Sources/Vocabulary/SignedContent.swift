/// The JSON inside a signature, as a value of its own.
package protocol SignedContent {
    init(_ json: JSON) throws(Malformed)
    /// What comes from outside: each of its texts is plain and within its bound.
    init(parsing bytes: [UInt8]) throws(Malformed)
}

extension SignedContent {
    package init(parsing bytes: [UInt8]) throws(Malformed) { try self.init(JSON(parsing: bytes)) }

    /// What lies in a ledger, in a proof or beside our settings: it was taken in before, perhaps by a version that let more
    /// through, and stays readable for ever.
    package init(kept bytes: [UInt8]) throws(Malformed) { try self.init(JSON(kept: bytes)) }
}
