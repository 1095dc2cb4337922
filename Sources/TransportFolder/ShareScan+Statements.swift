internal import Folders
internal import Logging
internal import Transport
internal import Vocabulary

/// Later statements of a partner. One strange name is put off, and holds up no other.
extension ShareScan {
    /// Whatever the partner lays there, a look ends.
    private static var mostPerLook: Int { 500 }

    mutating func takeStatements(_ incoming: Folder, _ handler: some ArrivalHandler) async {
        let road = self.road
        do {
            let (folder, page) = try await statementPages.next { try road.statements(in: incoming) }
            let names = StatementListing(page.names)
            let there = Set(names.untaken)
            statements.keep(only: there)
            unreadable.formIntersection(there)
            let due = names.untaken.filter { statements.isDue($0, at: .now) }
            for stem in due.prefix(Self.mostPerLook) where !Task.isCancelled { await take(stem, in: folder, handler) }
            tellUnreadable()
        } catch {
            log.notice("statements could not be read", metadata: ["why": "\(error)"])
        }
    }

    private mutating func take(_ stem: String, in folder: Folder, _ handler: some ArrivalHandler) async {
        do {
            if !statementPages.isWhole, try await isTaken(stem, in: folder) { return }
            guard let bytes = try await read(stem, in: folder) else { return putOff(stem) }
            unreadable.remove(stem)
            if let problem = await handler.take(statement: bytes, from: road.partner) {
                return statements.postpone(stem, asked: problem.retryAfter, at: .now)
            }
            try await Blocking.run { try RoadFile.write([], to: folder, FolderRoad.fileName(stem + ".taken")) }
            statements.forget(stem)
        } catch {
            putOff(stem)
        }
    }

    /// Its mark may be among the names of another look.
    private func isTaken(_ stem: String, in folder: Folder) async throws -> Bool {
        try await Blocking.run { try folder.lookup(FolderRoad.fileName(stem + ".taken")) != nil }
    }

    /// Nil for what is no regular file of a statement's size. A symbolic link is not even opened.
    private func read(_ stem: String, in folder: Folder) async throws -> [UInt8]? {
        try await Blocking.run {
            let name = try FolderRoad.fileName(stem + ".p7s")
            guard let facts = try folder.lookup(name), facts.kind == .regular, facts.size <= RoadFile.greatest else {
                return nil
            }
            return try RoadFile.read(name, in: folder)
        }
    }

    private mutating func putOff(_ stem: String) {
        statements.postpone(stem, asked: nil, at: .now)
        unreadable.insert(stem)
    }

    /// Never their names, which are the partner's words.
    private func tellUnreadable() {
        let count = unreadable.count
        alarm(
            "share/\(road.partner)",
            count == 0
                ? nil
                : "\(count == 1 ? "One thing" : "\(count) things") among the statements of \(road.partner) on the share "
                    + "\(count == 1 ? "is" : "are") no readable file: left where \(count == 1 ? "it is" : "they are"), and "
                    + "tried again; everything else goes on. Ask them to remove what is strange in the folder "
                    + "\(road.partner)-to-\(road.us)/statements.")
    }
}
