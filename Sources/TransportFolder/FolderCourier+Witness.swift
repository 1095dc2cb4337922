internal import Folders
package import Transport

/// A witness on the road: the question is laid down, and asked again until the answer lies beside it.
///
///     addCheckpoint(R)   no answer   ->  only R lies on the road, durable; TryLater
///     addCheckpoint(R)   answer      ->  both removed; the answer
extension FolderCourier {
    package func addCheckpoint(_ request: [UInt8]) async throws(TryLater) -> WitnessAnswer {
        guard request.count <= QuestionBounds.request else {
            throw TryLater(.misunderstood, "The request is larger than a witness may be asked; tell the makers.")
        }
        let files = WitnessFiles(request)
        do {
            let answer = try await Blocking.run {
                let folder = try road.statements(in: road.outgoing())
                if let answer = try Self.pickUp(files, in: folder) { return answer as WitnessAnswer? }
                try Self.lay(request, files, in: folder)
                return nil
            }
            if let answer { return answer }
        } catch {
            throw TryLater(error)
        }
        throw TryLater(.busy, "The question is on the road; the partner answers when it sees the share.")
    }

    /// Removes the request before its answer: a request without an answer is asked. An answer that cannot be read goes
    /// alone, so that the partner answers again.
    private static func pickUp(_ files: WitnessFiles, in folder: Folder) throws(FileTrouble) -> WitnessAnswer? {
        let (request, answer) = try (files.request(), files.answer())
        guard let facts = try folder.lookup(answer) else { return nil }
        let isSmall = facts.kind == .regular && facts.size <= WitnessFiles.greatestAnswer
        let bytes = isSmall ? try RoadFile.read(answer, in: folder, atMost: WitnessFiles.greatestAnswer) : nil
        let read = bytes.flatMap(WitnessAnswer.init(file:))
        if read != nil { try RoadFile.remove(request, in: folder) }
        // A folder of that name cannot be removed: the question then stays open.
        try? folder.remove(answer)
        return read
    }

    /// A question has an end: what was asked before is taken off the road, answered or not.
    private static func lay(_ request: [UInt8], _ files: WitnessFiles, in folder: Folder) throws(FileTrouble) {
        let ours = try files.request()
        try FolderPages.each(in: folder) { name in
            if name != ours, let text = name.text, WitnessFiles.isOurs(text) { try? folder.remove(name) }
        }
        let there = try folder.lookup(ours)
        if there?.kind == .regular, there?.size == Int64(request.count) { return }
        try RoadFile.write(request, to: folder, ours)
    }
}
