internal import Folders
internal import Vocabulary

/// What lies in an incoming folder, sorted. Names that are not ours become a count.
struct Listing {
    struct Consignment {
        let id: ConsignmentID
        let name: String
    }

    private(set) var consignments: [Consignment] = []
    /// Consignments with a receipt or refusal beside them.
    private(set) var answered: Set<ConsignmentID> = []
    private(set) var strange = 0
    /// Nothing else lies there; else an answer may be among the names of another look.
    let isWhole: Bool

    init(_ page: FolderPages.Page) {
        isWhole = page.isWhole
        for name in page.names { sort(name.text) }
        // Ids begin with their time: the oldest first.
        consignments.sort { $0.id < $1.id }
    }

    private mutating func sort(_ name: String?) {
        guard let name else { return strange += 1 }
        // Files being written, and the folder of statements.
        if name.hasPrefix(".") || name == "statements" { return }
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let id = try? ConsignmentID(String(parts[0])) else { return strange += 1 }
        switch parts[1] {
        case "consignment": consignments.append(Consignment(id: id, name: name))
        case "receipt.p7s", "refusal.p7s": answered.insert(id)
        default: strange += 1
        }
    }
}

/// What lies in a folder of statements.
struct StatementListing {
    /// Names without `.p7s` of statements that we have not marked as taken, in order.
    let untaken: [String]

    init(_ names: [FileName]) {
        let texts = names.compactMap(\.text).filter { $0.utf8.count <= 80 && !$0.hasPrefix(".") }
        let taken = Set(texts.filter { $0.hasSuffix(".taken") }.map { $0.dropLast(6) })
        untaken = texts.filter { $0.hasSuffix(".p7s") }.map { $0.dropLast(4) }
            .filter { !taken.contains($0) }.map(String.init).sorted()
    }
}
