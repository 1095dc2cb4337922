internal import Envelope
internal import Folders
internal import Logging
internal import Transport
internal import Vocabulary

/// Checkpoints that a partner asks us to countersign.
extension ShareScan {
    /// A partner asks one question at a time; more on one road are looked at one after another, a few a look.
    private static var mostPerLook: Int { 4 }

    mutating func answerQuestions(_ incoming: Folder, _ handler: some ArrivalHandler) async {
        let road = self.road
        do {
            let (folder, page) = try await questionPages.next { try road.statements(in: incoming) }
            let open = Self.open(page.names)
            questions.keep(only: Set(open.map(\.hash.hex)))
            let due = open.filter { questions.isDue($0.hash.hex, at: .now) }
            for files in due.prefix(Self.mostPerLook) where !Task.isCancelled {
                await answer(files, in: folder, handler)
            }
        } catch {
            log.notice("questions to us as a witness could not be read", metadata: ["why": "\(error)"])
        }
    }

    /// Requests without an answer beside them, in order.
    private static func open(_ names: [FileName]) -> [WitnessFiles] {
        let texts = Set(names.compactMap(\.text))
        return texts.sorted().compactMap(WitnessFiles.init(request:)).filter { files in
            (try? files.answer().text).flatMap { $0.map(texts.contains) } == false
        }
    }

    private mutating func answer(_ files: WitnessFiles, in folder: Folder, _ handler: some ArrivalHandler) async {
        do {
            if !questionPages.isWhole, try await isAnswered(files, in: folder) { return }
            guard let request = try await read(files, in: folder) else {
                log.notice("ignored: a question to us as a witness that is not what its name says")
                return questions.postpone(files.hash.hex, asked: 300, at: .now)
            }
            guard let answer = await handler.addCheckpoint(request, from: road.partner) else {
                return questions.postpone(files.hash.hex, asked: nil, at: .now)
            }
            try await Blocking.run { try RoadFile.write(answer.file, to: folder, files.answer()) }
        } catch {
            log.notice("a question to us as a witness could not be answered", metadata: ["why": "\(error)"])
            questions.postpone(files.hash.hex, asked: nil, at: .now)
        }
    }

    /// Its answer may be among the names of another look.
    private func isAnswered(_ files: WitnessFiles, in folder: Folder) async throws -> Bool {
        try await Blocking.run { try folder.lookup(files.answer()) != nil }
    }

    /// Nil for what is not a regular file of the size and digest of a request. A symbolic link is not even opened.
    private func read(_ files: WitnessFiles, in folder: Folder) async throws -> [UInt8]? {
        try await Blocking.run {
            let name = try files.request()
            guard let facts = try folder.lookup(name), facts.kind == .regular,
                facts.size <= QuestionBounds.request,
                let bytes = try RoadFile.read(name, in: folder, atMost: QuestionBounds.request)
            else { return nil }
            return SHA256.digest(bytes) == files.hash ? bytes : nil
        }
    }
}
