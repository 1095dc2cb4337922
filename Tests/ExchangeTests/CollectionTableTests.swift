import Folders
import Ledger
import Testing
import Vocabulary

@testable import Exchange

/// What waits in the inbox, packed and unpacked.
@Suite struct CollectionTableTests {
    private func item(
        _ number: Int, from partner: String = "tewv", route: String = "referrals", named name: String? = nil
    ) throws -> UncollectedFile {
        let (partner, at) = (try AgencyID(partner), Instant(seconds: Int64(number)))
        let folder = InboxFolder(partner: partner, route: try RouteName(route))
        let name = try #require(FileName(name ?? "minutes \(number).pdf"))
        return UncollectedFile(
            key: ConsignmentKey(.received, partner, .make(at: at)), duty: .make(at: at),
            place: PublishedPlace(
                folder: folder, name: name, inode: UInt64(number), size: Int64(number) << 33, modified: -Int64(number)),
            since: at, isUrgent: route == "urgent", isTold: number % 3 == 0, sighting: nil)
    }

    private func isSame(_ a: UncollectedFile?, _ b: UncollectedFile) -> Bool {
        a?.key == b.key && a?.duty == b.duty && a?.place == b.place && a?.since == b.since && a?.isTold == b.isTold
            && a?.isUrgent == b.isUrgent && a?.sighting == b.sighting
    }

    @Test("every file is found again by its name as it was put in, also after others went and their room was used anew")
    func roundTrip() throws {
        var table = CollectionTable()
        var items: [UncollectedFile] = []
        for round in 0..<3 {
            for number in 0..<200 {
                let number = round * 200 + number
                let item = try item(
                    number, from: number % 2 == 0 ? "tewv" : "cleveland-police",
                    route: number % 5 == 0 ? "urgent" : "mash")
                table.add(item, isUnderItsName: true)
                items.append(item)
            }
            for item in items.prefix(150) { table.remove(item.key) }
            items.removeFirst(150)
        }
        #expect(Set(table.folders.map { "\($0.partner)/\($0.route)" }).count == 4)
        for item in items {
            #expect(table.holds(item.key) && isSame(table.item(item.place.name, in: item.place.folder), item))
        }
        #expect(table.folders.flatMap { table.unseen(in: $0) }.count == items.count)
    }

    @Test("what was seen is told of, and no longer looked for; what was told is not told again")
    func states() throws {
        var table = CollectionTable()
        let (one, two) = (try item(1), try item(2))
        for item in [one, two] { table.add(item, isUnderItsName: true) }
        let sighting = Sighting(how: .moved, at: Instant(seconds: 9))
        table.note(sighting, of: one.key)
        table.note(Sighting(how: .opened, at: Instant(seconds: 10)), of: one.key)
        #expect(table.seen.map(\.key) == [one.key] && table.seen.first?.sighting == sighting)
        #expect(table.unseen(in: one.place.folder).map(\.key) == [two.key])
        #expect(table.untold(since: Instant(seconds: 3)).map(\.key) == [two.key])
        #expect(table.untold(since: Instant(seconds: 2)).isEmpty)
        table.noteTold(two.key)
        #expect(table.untold(since: Instant(seconds: 3)).isEmpty)
        table.remove(one.key)
        #expect(table.seen.isEmpty && !table.holds(one.key))
    }

    @Test("urgent ones that still lie there are told, oldest first; one that came back lies there again")
    func urgent() throws {
        var table = CollectionTable()
        let items = try [3, 1, 2].map { try item($0, route: "urgent") }
        for item in try items + [item(4)] { table.add(item, isUnderItsName: true) }
        #expect(table.unseenUrgent.map(\.key) == [items[1], items[2], items[0]].map(\.key))
        table.note(Sighting(how: .removed, at: Instant(seconds: 9)), of: items[2].key)
        table.remove(items[1].key)
        #expect(table.unseenUrgent.map(\.key) == [items[0].key])
        table.unsee(items[2].key)
        #expect(table.seen.isEmpty && table.unseenUrgent.map(\.key) == [items[2], items[0]].map(\.key))
        // Its room is used anew.
        table.add(try item(5), isUnderItsName: true)
        #expect(table.unseenUrgent.count == 2)
    }

    @Test("of two under one name the one that stands there is found; the other goes without taking it along")
    func sameName() throws {
        var table = CollectionTable()
        let (old, new) = (try item(1, named: "a.pdf"), try item(2, named: "a.pdf"))
        table.add(old, isUnderItsName: true)
        table.add(new, isUnderItsName: true)
        table.remove(old.key)
        #expect(isSame(table.item(new.place.name, in: new.place.folder), new))
    }
}
