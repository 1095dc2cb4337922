internal import Folders
internal import Ledger
internal import Vocabulary

/// Finds held files: by the ledger's row, and on disk by inode, size and time, because a name there may be numbered.
struct HeldFiles: Sendable {
    let agency: Agency

    struct Held: Sendable {
        let record: ConsignmentRecord
        let folder: Folder
        let name: FileName
    }

    func find(_ id: ConsignmentID) async throws -> Held {
        guard let record = try await agency.ledger.first(id, .sent) else { throw OfficerProblem.unknown(id) }
        guard record.state == .held || record.state == .blocked else {
            throw OfficerProblem.notHeld(id, record.state.rawValue)
        }
        guard let (folder, name) = try await locate(record) else { throw OfficerProblem.fileMissing(id) }
        return Held(record: record, folder: folder, name: name)
    }

    private func locate(_ record: ConsignmentRecord) async throws -> (Folder, FileName)? {
        let (layout, way, mark) = (agency.layout, [record.key.partner.text, record.route.text], record.inode)
        return try await Blocking.run {
            guard let route = try layout.existing(.held, way) else { return nil }
            for day in try route.entries().sorted(by: >) {
                guard let text = day.text, let folder = try layout.existing(.held, way + [text]) else { continue }
                for name in try folder.entries() where try folder.lookup(name)?.isMarked(mark) == true {
                    return (folder, name)
                }
            }
            return nil
        }
    }

    /// Puts the decision beside the file, in place of the reason for holding it.
    func note(_ filing: Filing, beside held: Held) async throws {
        try await Blocking.run {
            let name = held.name.text ?? "file"
            for note in filing.notes {
                try DurableFile.write(note.bytes, to: held.folder, Names.note(name, note.suffix), mode: 0o640)
            }
            try? held.folder.remove(Names.note(name, ".why.txt"))
        }
    }
}

extension HeldFiles.Held {
    /// Moves the file back into work/, never over another. Until the release is committed a restart moves it to held/.
    func takeBack(
        _ agency: Agency, _ authors: LabelAuthors, _ register: WorkRegister
    ) async throws -> ClaimedFile {
        let original = try Names.file(record.name ?? name.text ?? "")
        let (partner, route, id) = (record.key.partner, record.route, record.key.id)
        let named = WorkRegister.Name(partner: partner, route: route, name: original)
        guard !register.holds(named) else { throw OfficerProblem.sameNameUnderWay(id) }
        let now = agency.clock.now()
        return try await Blocking.run {
            let batch = WorkFolder(partner, route, try agency.layout.workRoot(partner, route), batch: 1)
            let place = WorkRegister.Place(batch, original)
            guard let claim = register.own(place, id) else { throw OfficerProblem.sameNameUnderWay(id) }
            let work = try agency.layout.work(batch)
            try moveBack(to: work, as: original)
            guard let found = try FoundFile(place, in: work) else { throw OfficerProblem.fileMissing(id) }
            let labels = LabelRules(authors: authors, law: agency.law)
            return ClaimedFile(found, id: id, claim, labels, at: record.claimedAt ?? now)
        }
    }

    private func moveBack(to work: Folder, as original: FileName) throws {
        do { try folder.rename(name, to: work, as: original, .noReplace) } catch  where error.reason == .exists {
            throw OfficerProblem.sameNameUnderWay(record.key.id)
        }
        try? SideCars.move(beside: name, in: folder, to: work, as: original)
        try work.sync()
        try folder.sync()
        try? folder.remove(Names.note(name.text ?? "file", ".why.txt"))
    }
}
