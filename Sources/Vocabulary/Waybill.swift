/// The signed statement that leads a consignment: who, to whom, which file, in which parts, under which label.
///
/// Two versions, told apart by one member: `waybill/v2` says when the file was last modified, `waybill/v1` cannot.
package struct Waybill: SignedContent, Hashable, Sendable {
    package static let statement = "waybill/v1"
    /// With `file.modified`; only for whose card lists it (decision 0028).
    package static let datedStatement = "waybill/v2"

    package let id: ConsignmentID
    package let parties: Parties
    package let signedAt: Instant
    /// 32 random bytes that stand in every part, so that a part belongs to this waybill and no other.
    package let bind: Digest
    package let file: FileDescription
    package let partSize: PartSize
    package let label: Label
    package let supersedes: ConsignmentID?
    /// Role or account at the sender.
    package let submittedBy: String

    package init(
        id: ConsignmentID, parties: Parties, signedAt: Instant, bind: Digest, file: FileDescription,
        partSize: PartSize, label: Label, supersedes: ConsignmentID? = nil, submittedBy: String
    ) {
        self.id = id
        self.parties = parties
        self.signedAt = signedAt
        self.bind = bind
        self.file = file
        self.partSize = partSize
        self.label = label
        self.supersedes = supersedes
        self.submittedBy = submittedBy
    }

    /// How many parts follow the waybill; none for an empty file.
    package var partCount: Int { partSize.count(for: file.size) }
    private var version: String { file.modified == nil ? Self.statement : Self.datedStatement }

    package var encoded: [UInt8] {
        var members = parties.members
        members["bind"] = .string(bind.hex)
        members["file"] = file.json
        members["id"] = .string(id.text)
        members["label"] = label.json
        members["parts"] = .object(["count": .integer(Int64(partCount)), "size": .integer(Int64(partSize.bytes))])
        members["signedAt"] = .string(signedAt.description)
        members["statement"] = .string(version)
        members["submittedBy"] = .string(submittedBy)
        members["supersedes"] = supersedes.map { .string($0.text) }
        return JSON.object(members).encoded
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "waybill")
        let version = try m.statement(Self.statement, or: Self.datedStatement)
        var parts = try JSONMembers(m.json("parts"), of: "waybill parts")
        self.init(
            id: try m.consignment("id"), parties: try Parties(from: &m), signedAt: try m.instant("signedAt"),
            bind: try m.digest("bind"), file: try FileDescription(m.json("file")),
            partSize: try PartSize(bytes: Int(parts.integer("size"))), label: try Label(m.json("label")),
            supersedes: try m.optional("supersedes").map { json throws(Malformed) in try Self.id(json) },
            submittedBy: try m.string("submittedBy"))
        // One spelling: each version says its own, and a changed version is noticed.
        guard version == self.version else {
            throw Malformed("waybill", "file.modified stands in \(Self.datedStatement) and in no other")
        }
        guard try parts.integer("count") == Int64(partCount) else {
            throw Malformed("waybill", "the number of parts does not follow from size and part size")
        }
        try parts.end()
        try m.end()
    }

    private static func id(_ json: JSON) throws(Malformed) -> ConsignmentID {
        guard case .string(let text) = json else { throw Malformed("waybill", "supersedes must be a string") }
        return try ConsignmentID(text)
    }
}

/// What the sender weighed: name, size in bytes, SHA-256 of the plaintext, media type, when it was last modified.
package struct FileDescription: Hashable, Sendable {
    /// NFC, one path component, 1 to 255 bytes of UTF-8, no control characters.
    package let name: String
    package let size: Int64
    package let sha256: Digest
    package let mediaType: String
    /// As the sender's file system said; nil: not known, or not told.
    package let modified: Instant?

    package init(
        name: String, size: Int64, sha256: Digest, mediaType: String, modified: Instant? = nil
    ) throws(Malformed) {
        try Self.check(name: name)
        guard size >= 0 else { throw Malformed("file", "size must not be negative") }
        guard (1...127).contains(mediaType.utf8.count), mediaType.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Malformed("file", "media type must be 1 to 127 printable ASCII characters")
        }
        self.name = name
        self.size = size
        self.sha256 = sha256
        self.mediaType = mediaType
        self.modified = modified
    }

    /// One path component and no control characters; what a folder would make of it is `SafeName`'s affair.
    private static func check(name: String) throws(Malformed) {
        let bytes = Array(name.utf8)
        guard (1...255).contains(bytes.count) else { throw Malformed("file name", "must have 1 to 255 bytes") }
        guard name != ".", name != "..", !bytes.contains(UInt8(ascii: "/")) else {
            throw Malformed("file name", "must be one path component")
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
            throw Malformed("file name", "must not hold control characters")
        }
    }

    var json: JSON {
        var members: [String: JSON] = [
            "mediaType": .string(mediaType), "name": .string(name), "sha256": .string(sha256.hex),
            "size": .integer(size),
        ]
        members["modified"] = modified.map { .string($0.description) }
        return .object(members)
    }

    init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "file")
        try self.init(
            name: m.string("name"), size: m.integer("size"), sha256: m.digest("sha256"),
            mediaType: m.string("mediaType"),
            modified: m.optionalString("modified").map { text throws(Malformed) in try Instant(text) })
        try m.end()
    }
}

/// How many bytes of plaintext a part carries: a power of two from 64 KiB to 16 MiB.
package struct PartSize: Hashable, Sendable {
    package let bytes: Int
    /// 512 KiB: measured, a part of 1 MiB is no faster end to end and costs each side some 5 MiB of memory.
    package static let usual = PartSize(unchecked: 1 << 19)

    package init(bytes: Int) throws(Malformed) {
        guard (1 << 16...1 << 24).contains(bytes), bytes.nonzeroBitCount == 1 else {
            throw Malformed("part size", "must be a power of two from 64 KiB to 16 MiB")
        }
        self.bytes = bytes
    }

    private init(unchecked bytes: Int) { self.bytes = bytes }

    /// ceil(size / part size); none for an empty file.
    package func count(for size: Int64) -> Int { Int((size + Int64(bytes) - 1) / Int64(bytes)) }

    /// Plaintext bytes of part `index`, which counts from 1.
    package func length(of index: Int, size: Int64) -> Int {
        Int(min(Int64(bytes), size - Int64(index - 1) * Int64(bytes)))
    }
}
