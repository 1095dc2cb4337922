import ExchangeTesting
import Folders
import Foundation
import Ledger
import Settings
import Testing
import Vocabulary

@testable import Exchange

/// Folders that went away, were exchanged, or came back: nothing is made in them or concluded from them.
@Suite("Places that the ledger knows") struct PlaceTests {
    /// An installation whose roots are marked, and a ledger that knows them.
    struct House {
        let folders: InstallationFolders
        let ledger: InMemoryLedger
        let layout: Layout
        let records: PlaceRecords
        let doubts = Doubts()
        let police: AgencyID
        let route: RouteName

        /// - Parameter ledger: of a former life, which has made everything.
        init(_ root: String, isMarked: Bool = true, after ledger: InMemoryLedger? = nil) throws {
            folders = InstallationFolders(root: root)
            self.ledger = ledger ?? InMemoryLedger.forTests()
            for path in folders.roots.values where ledger == nil {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            if isMarked, ledger == nil { try PlaceList(in: root).found(folders.roots) }
            let layout = Layout(
                outbox: folders.outbox, work: folders.work, held: folders.held, sent: folders.sent,
                inbox: folders.inbox, isGuarded: true)
            let places = try #require(layout.places)
            self.layout = layout
            records = PlaceRecords(self.ledger, places, root: root, doubts: doubts)
            (police, route) = (try AgencyID("cleveland-police"), try RouteName("strategy-meeting"))
        }

        /// The disk is not mounted: the folder below it is seen.
        func takeAway(_ path: String) throws { try FileManager.default.moveItem(atPath: path, toPath: "\(path).away") }
        func putBack(_ path: String) throws {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: "\(path).away", toPath: path)
        }

        var missing: [String: PlaceMissing.Why] {
            Dictionary(uniqueKeysWithValues: (layout.places?.missing ?? []).map { ($0.place, $0.why) })
        }
    }

    @Test("before the ledger has been asked, nothing is opened and nothing is made")
    func notYet() async throws {
        try await inTemporaryFolder { root in
            let house = try House(root)
            #expect(throws: PlaceMissing.self) { try house.layout.inbox(house.police, house.route) }
            try await house.records.begin(at: Clock.start)
            _ = try house.layout.inbox(house.police, house.route)
            #expect(house.missing.isEmpty)
        }
    }

    @Test("a root that is missing at a start is not made, and goes on by itself", arguments: Root.allCases)
    func missingAtStart(_ gone: Root) async throws {
        try await inTemporaryFolder { root in
            let house = try House(root)
            try await house.records.begin(at: Clock.start)
            let path = try #require(house.folders.roots[gone])
            try house.takeAway(path)
            // Another life.
            let next = try House(root, after: house.ledger)
            try await next.records.begin(at: Clock.start)
            #expect(next.missing == [gone.rawValue: .gone])
            #expect(throws: PlaceMissing.self) { try next.layout.require(gone) }
            #expect(throws: PlaceMissing.self) { try next.layout.existing(gone) }
            #expect(!FileManager.default.fileExists(atPath: path))
            let before = next.layout.generation
            try house.putBack(path)
            next.layout.places?.look()
            #expect(next.missing.isEmpty)
            #expect(next.layout.generation > before)
            try next.layout.require(gone)
        }
    }

    @Test("an empty folder below a missing mount, and another disk, are not the place", arguments: [true, false])
    func another(_ isMarked: Bool) async throws {
        try await inTemporaryFolder { root in
            let house = try House(root)
            try await house.records.begin(at: Clock.start)
            _ = try house.layout.inbox(house.police, house.route)
            try house.takeAway(house.folders.inbox)
            try FileManager.default.createDirectory(
                atPath: house.folders.inbox, withIntermediateDirectories: false)
            if isMarked { try PlaceMark.random().put(in: Folder(house.folders.inbox)) }
            // Noticed at the next look, by a daemon that had it open; nothing is made in it.
            #expect(throws: PlaceMissing.self) { try house.layout.confirm(.inbox) }
            #expect(house.missing == ["inbox": isMarked ? .another : .unmarked])
            #expect(throws: PlaceMissing.self) { try house.layout.inbox(house.police, house.route) }
            #expect(throws: PlaceMissing.self) { try house.layout.staging(house.police) }
            #expect(!FileManager.default.fileExists(atPath: "\(house.folders.inbox)/cleveland-police"))
            // The other roots serve on.
            _ = try house.layout.work(WorkFolder(house.police, house.route, .work, batch: 1))
        }
    }

    @Test("a person accepts what was exchanged; rows about to be published there are doubted, across a restart")
    func accepted() async throws {
        try await inTemporaryFolder { root in
            let house = try House(root)
            try await house.records.begin(at: Clock.start)
            let key = ConsignmentKey(.received, house.police, .make(at: Clock.start))
            let record = ConsignmentRecord(key: key, state: .publishing, route: house.route, name: "child.pdf")
            try await house.ledger.append([
                Records.event(.publishing, record, EventDetail([:]), at: Clock.start, carriesRecord: true)
            ])
            try FileManager.default.removeItem(atPath: house.folders.inbox)
            house.layout.places?.look()
            #expect(house.layout.places?.place(at: house.folders.inbox) == "inbox")
            #expect(try await house.records.preview("inbox").contains("about to be published (1)"))
            try await house.records.accept("inbox", by: "anna", at: Clock.start)
            #expect(house.missing.isEmpty)
            #expect(house.doubts[key] == .open)
            let known = try #require(try await house.records.remembered())
            #expect(known.entries["inbox"]?.by == "person:anna")
            let later = Doubts()
            try await later.load(from: house.ledger)
            #expect(later[key] == .open)
            try await later.settle(key, in: house.ledger)
            #expect(try await house.ledger.remembered(named: "doubt/").isEmpty)
        }
    }

    @Test("an installation of an older version is taken in once; later a missing root is never marked")
    func migration() async throws {
        try await inTemporaryFolder { root in
            let house = try House(root, isMarked: false)
            #expect(try await house.records.begin(at: Clock.start))
            #expect(house.missing.isEmpty)
            try FileManager.default.removeItem(atPath: house.folders.sent)
            try FileManager.default.createDirectory(atPath: house.folders.sent, withIntermediateDirectories: false)
            let next = try House(root, after: house.ledger)
            #expect(try await !next.records.begin(at: Clock.start))
            #expect(next.missing == ["sent": .unmarked])
            #expect(try PlaceMark.all(in: Folder(house.folders.sent)).isEmpty)
        }
    }

    @Test("a route's claimed files are looked for in work/ and inside the route, and nowhere while one is away")
    func works() async throws {
        try await inTemporaryFolder { root in
            let house = try House(root)
            try await house.records.begin(at: Clock.start)
            _ = try house.layout.work(WorkFolder(house.police, house.route, .work, batch: 1))
            #expect(try house.layout.batches(house.police, house.route).count == 1)
            let inRoute = "\(house.folders.outbox)/cleveland-police/strategy-meeting/.work"
            try FileManager.default.createDirectory(atPath: inRoute, withIntermediateDirectories: true)
            #expect(try house.layout.batches(house.police, house.route).count == 2)
            try house.takeAway(house.folders.work)
            house.layout.places?.look()
            #expect(throws: PlaceMissing.self) { try house.layout.batches(house.police, house.route) }
        }
    }

    @Test("a mark that a file was known by is the same on another device number")
    func marks() throws {
        #expect(FileFacts.withoutDevice("64:17:200:99") == FileFacts.withoutDevice("2049:17:200:99"))
        #expect(FileFacts.withoutDevice("64:17:200:99") != FileFacts.withoutDevice("64:18:200:99"))
    }
}
