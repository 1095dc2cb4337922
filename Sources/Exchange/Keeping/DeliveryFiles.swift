internal import Folders
package import Ledger
package import Settings
internal import Vocabulary

/// Finds and removes what lies in folders about consignments that have ended: the copy in sent/ or held/ with its notes
/// and its label, and the side-car in the inbox. Never a received file: that belongs to its readers. Blocks.
///
/// A file is known by device, inode, size and time, because its name there may be numbered, and the ledger may have
/// forgotten it. A note that stayed behind alone is known by the consignment's id in its text.
package struct DeliveryFiles: Sendable {
    private let folders: InstallationFolders
    private let copies: [Root]
    private let places: Places?

    /// - Parameters:
    ///   - places: without them every folder is believed, as where files are only listed.
    ///   - copies: which of the folders of copies are looked into.
    package init(_ folders: InstallationFolders, _ places: Places? = nil, copies: [Root] = [.sent, .held]) {
        (self.folders, self.places, self.copies) = (folders, places, copies)
    }

    /// Paths, for a person.
    package func paths(_ files: [ErasedFile]) throws -> [String] {
        try found(files).flatMap { place in
            place.names.map { "\(place.path)/\($0.text ?? "(a name that is no text)")" }
        }
    }

    /// Writes the notes, labels and the like beside a consignment's file anew without a person's reference. Never the file.
    package func takeOut(_ reference: String, of file: ErasedFile) throws {
        for place in try found([file]) {
            for name in place.names where file.key.direction == .received || NotedFiles.mayNameSubjects(name) {
                guard try place.folder.lookup(name).map({ file.mark.map($0.isMarked) ?? false }) == false else {
                    continue
                }
                try NotedFiles(place.folder).replace(reference, with: Self.taken, in: name)
            }
        }
    }

    private static let taken = "(taken out)"

    /// Returns how many files went. On disk when it returns.
    package func remove(_ files: [ErasedFile]) throws -> Int {
        var count = 0
        for place in try found(files) {
            // A person may have taken one away just now.
            for name in place.names where try place.folder.lookup(name) != nil {
                try place.folder.remove(name)
                count += 1
            }
            try place.folder.sync()
        }
        return count
    }

    /// Whether the file of an ended consignment has not left work/ yet: once its row is blank, a restart would take it
    /// for a new one.
    ///
    /// - Throws: `PlaceMissing` if that cannot be seen now.
    package func isInWork(_ record: ConsignmentRecord) throws -> Bool {
        guard record.key.direction == .sent, let mark = record.inode, let name = record.name.flatMap({ FileName($0) })
        else { return false }
        let way = "\(record.key.partner)/\(record.route)"
        for root in [Root.work, .outbox] { try require(root, way) }
        return ["\(folders.work)/\(way)", "\(folders.outbox)/\(way)/.work"].contains { path in
            guard let top = try? Folder(path) else { return false }
            let batches = [top] + ((try? top.entries())?.compactMap { try? top.subfolder($0) } ?? [])
            return batches.contains { ((try? $0.lookup(name)) ?? nil)?.isMarked(mark) == true }
        }
    }

    private func require(_ root: Root, _ way: String) throws {
        try places?.confirm(root, way.split(separator: "/").map(String.init))
    }

    private func path(_ root: Root) -> String { root == .sent ? folders.sent : folders.held }

    // MARK: Looking

    private struct Place {
        let path: String
        let folder: Folder
        let names: [FileName]
    }

    private func found(_ files: [ErasedFile]) throws -> [Place] {
        let ways = Dictionary(grouping: files) {
            $0.key.direction == .sent ? "\($0.key.partner)/\($0.route)" : "\($0.key.partner)/.waybills"
        }
        return try ways.sorted { $0.key < $1.key }.flatMap { way, files in
            if files.first?.key.direction == .received {
                try require(.inbox, way)
                return try sideCars("\(folders.inbox)/\(way)", files)
            }
            return try copies.flatMap { root in
                try require(root, way)
                return try days("\(path(root))/\(way)", files)
            }
        }
    }

    /// `DATE` folders of one route.
    private func days(_ path: String, _ files: [ErasedFile]) throws -> [Place] {
        guard let route = try? Folder(path) else { return [] }
        return try route.entries().sorted().compactMap { day in
            guard let folder = try? route.subfolder(day) else { return nil }
            let names = try NotedFiles(folder).names(
                marks: Set(files.compactMap(\.mark)), ids: Set(files.map(\.key.id.text)))
            return names.isEmpty ? nil : Place(path: "\(path)/\(day)", folder: folder, names: names)
        }
    }

    private func sideCars(_ path: String, _ files: [ErasedFile]) throws -> [Place] {
        guard let folder = try? Folder(path) else { return [] }
        let names = try files.map { try Names.file("\($0.key.id).json") }.filter { try folder.lookup($0) != nil }
        return names.isEmpty ? [] : [Place(path: path, folder: folder, names: names)]
    }
}
