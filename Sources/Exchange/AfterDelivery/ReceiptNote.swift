internal import Folders
internal import Ledger
internal import Vocabulary

/// `NAME.receipt.txt` beside a delivered file. Blocks.
///
/// Found by the consignment's id in its text: the file's own name may be numbered there.
struct ReceiptNote {
    private static let suffix = ".receipt.txt"
    /// No note of ours is longer.
    private static let longest = 128 << 10

    private let folder: Folder
    private let name: FileName
    private let text: String

    /// Nil where there is none, or not yet.
    static func find(_ record: ConsignmentRecord, in layout: Layout) throws -> ReceiptNote? {
        guard let route = try? Folder("\(layout.sent)/\(record.key.partner)/\(record.route)") else { return nil }
        // The day of the folder is that of the move, which comes after the claim.
        let first = record.claimedAt?.date.description ?? ""
        for day in try route.entries().sorted() where (day.text ?? "") >= first {
            guard let folder = try? route.subfolder(day) else { continue }
            if let note = try find(record, in: folder) { return note }
        }
        return nil
    }

    private static func find(_ record: ConsignmentRecord, in folder: Folder) throws -> ReceiptNote? {
        let expected = try record.name.map { try Names.note($0, suffix) }
        let others = try folder.entries().filter { $0 != expected && $0.text?.hasSuffix(suffix) == true }
        for name in [expected].compactMap({ $0 }) + others {
            guard let bytes = try? DurableFile.read(name, in: folder, atMost: longest) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            if text.contains(record.key.id.text) { return ReceiptNote(folder: folder, name: name, text: text) }
        }
        return nil
    }

    /// - Parameter headline: nil: as it was before it had one.
    func begin(with headline: String?) throws {
        let plain = text.firstRange(of: Notes.below).map { String(text[$0.upperBound...]) } ?? text
        let wished = (headline.map { $0 + Notes.below } ?? "") + plain
        if wished != text { try DurableFile.write(Array(wished.utf8), to: folder, name, mode: 0o640) }
    }
}

extension Notes {
    static func nobodyHasTaken(ring: String) -> String { "NOBODY HAS TAKEN IT YET. Telephone \(ring)." }

    /// Between what changes at the top of a receipt note and the note.
    static let below = """


        If a child is in danger now: 999.
        It was delivered, and their computer says that nobody has opened or moved it since. These lines disappear when
        somebody does.

        -----

        """
}
