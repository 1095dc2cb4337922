import Exchange
import ExchangeTesting
import Folders
import Foundation
import Testing
import Vocabulary

/// Whose turn it is among files of one name.
@Suite struct WorkRegisterTests {
    private let register = WorkRegister()

    private func place(_ batch: Int) throws -> WorkRegister.Place {
        let folder = WorkFolder(
            try AgencyID("cleveland-police"), try RouteName("strategy-meeting"), .work, batch: batch)
        return .init(folder, try #require(FileName("nightly.csv")))
    }

    private func own(_ batch: Int, turn: Int? = nil) throws -> WorkClaim {
        try #require(register.own(try place(batch), .make(at: Clock.start), turn: turn))
    }

    @Test("the first goes first, and then the second")
    func inOrder() throws {
        let (first, second) = (try own(1), try own(2))
        #expect(try !register.isBehind(place(1)) && register.isBehind(place(2)))
        first.letGo()
        #expect(try !register.isBehind(place(2)))
        second.letGo()
        #expect(try !register.holds(place(1).named))
    }

    @Test("one that moved on to another batch, because its place was not kept, keeps its turn")
    func movedOn() throws {
        let (first, second) = (try own(1), try own(2))
        let moved = try own(register.nextBatch(place(1).named), turn: first.turn)
        first.letGo()
        #expect(try register.isBehind(place(2)) && !register.isBehind(place(3)))
        moved.letGo()
        #expect(try !register.isBehind(place(2)))
        second.letGo()
    }
}
