internal import Folders
internal import Logging
internal import Transport
internal import Vocabulary

/// Looks at one road again and again, and remembers what to leave alone for a while.
///
/// Two visit it at the same time, because a label is sealed and nobody knows what is urgent: one takes large consignments
/// only, so that all the rest, and with it most emergencies, never waits behind one of these.
struct ShareScan {
    enum Load: CaseIterable { case large, rest }

    private static let large: Int64 = 8 << 20

    let road: FolderRoad
    let load: Load
    let log: Logger
    let alarm: FolderCollector.Alarm
    /// For statements.
    var statements = Backoff()
    /// Names among the statements that are there and cannot be read.
    var unreadable: Set<String> = []
    private var backoff = Backoff()
    /// For questions to a witness.
    var questions = Backoff()
    private var consignments: FolderPages
    var statementPages: FolderPages
    var questionPages: FolderPages
    private var isAway = false
    private var ignored = 0
    /// The partner's card as the handler last took it.
    private var seenCard: [UInt8] = []

    init(
        _ road: FolderRoad, _ load: Load, _ log: Logger, most: Int, _ alarm: @escaping FolderCollector.Alarm
    ) {
        (self.road, self.load, self.alarm) = (road, load, alarm)
        let pages = FolderPages(most: most)
        (consignments, statementPages, questionPages) = (pages, pages, pages)
        var log = log
        log[metadataKey: "peer"] = "\(road.partner)"
        self.log = log
    }

    mutating func look(_ handler: some ArrivalHandler) async {
        let road = self.road
        do {
            let (incoming, page) = try await consignments.next { try road.incoming() }
            let names = Listing(page)
            backoff.keep(only: Set(names.consignments.map(\.name) + [Self.card]))
            if isAway { log.notice("the share is back") }
            isAway = false
            if load == .rest {
                tell(names)
                await layOut(await handler.card())
                await takeCard(handler)
            }
            for file in names.consignments where !Task.isCancelled { await takeIn(file, names, incoming, handler) }
            guard load == .rest else { return }
            await takeStatements(incoming, handler)
            await answerQuestions(incoming, handler)
            tellCrowd()
        } catch {
            guard load == .rest else { return }
            if !isAway { log.notice("the share is away", metadata: ["why": "\(error)"]) }
            isAway = true
        }
    }

    private func tellCrowd() {
        let isCrowded = [consignments, statementPages, questionPages].contains { !$0.isWhole }
        alarm(
            "share-names/\(road.partner)",
            isCrowded
                ? "So many names lie in the folder \(road.partner)-to-\(road.us) on the share, or in its statements, that they are "
                    + "read a part at a time: files of \(road.partner) come late, urgent ones too. Ask them to remove what does "
                    + "not belong there." : nil)
    }

    /// One line when strange things appear, not one a look; never their names.
    private mutating func tell(_ names: Listing) {
        if names.strange > ignored {
            log.notice("ignored what is neither a consignment nor an answer", metadata: ["count": "\(names.strange)"])
        }
        ignored = names.strange
    }

    private func layOut(_ card: [UInt8]) async {
        let road = self.road
        do {
            try await Blocking.run {
                let (folder, name) = try (road.cards(), FolderRoad.card(road.us))
                if try RoadFile.read(name, in: folder) != card { try RoadFile.write(card, to: folder, name) }
            }
        } catch {
            log.notice("our card could not be put on the share", metadata: ["why": "\(error)"])
        }
    }

    /// A newer card of theirs, laid there by their courier or collector.
    private mutating func takeCard(_ handler: some ArrivalHandler) async {
        let road = self.road
        guard backoff.isDue(Self.card, at: .now) else { return }
        let card = try? await Blocking.run { try RoadFile.read(FolderRoad.card(road.partner), in: road.cards()) }
        guard let bytes = card ?? nil, bytes != seenCard else { return }
        if let problem = await handler.take(statement: bytes, from: road.partner) {
            return backoff.postpone(Self.card, asked: problem.retryAfter, at: .now)
        }
        seenCard = bytes
        backoff.forget(Self.card)
    }

    /// No name of a statement has a slash.
    private static let card = "cards/"

    private mutating func takeIn(
        _ file: Listing.Consignment, _ names: Listing, _ folder: Folder, _ handler: some ArrivalHandler
    ) async {
        guard !names.answered.contains(file.id), backoff.isDue(file.name, at: .now) else { return }
        do {
            if !names.isWhole, try await isAnswered(file.id, in: folder) { return }
            guard try await load(of: file.id, in: folder) == load else { return }
            guard var bytes = try await open(file.id, in: folder) else {
                log.notice("ignored: not a regular file", metadata: ["consignment": "\(file.id)"])
                return backoff.postpone(file.name, asked: 300, at: .now)
            }
            let answer = await handler.receive(file.id, from: road.partner, startingAt: 1, body: &bytes)
            try await lay(answer, beside: file, in: folder)
        } catch {
            log.notice("could not take in", metadata: ["consignment": "\(file.id)", "why": "\(error)"])
            backoff.postpone(file.name, asked: nil, at: .now)
        }
    }

    private func isAnswered(_ id: ConsignmentID, in folder: Folder) async throws -> Bool {
        try await Blocking.run {
            try folder.lookup(FolderRoad.receipt(id)) != nil || folder.lookup(FolderRoad.refusal(id)) != nil
        }
    }

    private func load(of id: ConsignmentID, in folder: Folder) async throws -> Load {
        let facts = try await Blocking.run { try folder.lookup(FolderRoad.consignment(id)) }
        guard let facts, facts.kind == .regular, facts.size > Self.large else { return .rest }
        return .large
    }

    /// Nil for what is not a regular file. A symbolic link is not even opened.
    private func open(_ id: ConsignmentID, in folder: Folder) async throws -> FileBytes? {
        try await Blocking.run {
            let name = try FolderRoad.consignment(id)
            guard try folder.lookup(name)?.kind == .regular else { return nil }
            let file = SharedFile(try FileHandle(name, in: folder, .read))
            let facts = try file.handle.facts()
            return facts.kind == .regular ? FileBytes(file, size: facts.size) : nil
        }
    }

    private mutating func lay(
        _ answer: ArrivalAnswer, beside file: Listing.Consignment, in folder: Folder
    ) async throws {
        let id = file.id
        switch answer {
        case .receipt(let bytes, _):
            try await Blocking.run { try RoadFile.write(bytes, to: folder, FolderRoad.receipt(id)) }
            CrashPoint.afterReceiptFile.pass()
            backoff.forget(file.name)
        case .refusal(let bytes, _):
            try await Blocking.run { try RoadFile.write(bytes, to: folder, FolderRoad.refusal(id)) }
            backoff.forget(file.name)
        case .problem(let problem):
            log.notice("taken in later", metadata: ["consignment": "\(id)", "why": "\(problem.kind.rawValue)"])
            backoff.postpone(file.name, asked: problem.retryAfter, at: .now)
        }
    }
}
