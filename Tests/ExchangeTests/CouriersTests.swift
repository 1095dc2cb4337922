@testable import Exchange
import ExchangeTesting
import Foundation
import Statements
import Synchronization
import Testing
import Transport
import Vocabulary

@Suite(.timeLimit(.minutes(5))) struct CouriersTests {
    /// Ends its connections only once all others have begun to.
    private final class Waiting: Courier {
        struct Unused: Error {}

        private let begun: Watched<Int>
        private let all: Int

        init(_ begun: Watched<Int>, _ all: Int) { (self.begun, self.all) = (begun, all) }

        func shutdown() async {
            begun.change { $0 += 1 }
            try? await begun.until { [all] in $0 == all }
        }

        func carry(_ batch: [Outgoing]) async -> [CarryEnd] { batch.map { _ in .broke(Unused()) } }
        func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] { ids.map { _ in .unknown } }
        func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? { nil }
        func fetchCard() async throws(TryLater) -> [UInt8] { [] }
        func settled(_ ids: [ConsignmentID]) async {}
    }

    @Test("couriers end side by side: partners who do not answer are not waited for one after another")
    func together() async throws {
        try await inTemporaryFolder { root in
            let agencies = try ["stockton", "hartlepool", "redcar"].map { try TestAgency($0, root: root) }
            let partners = Partners(try agencies.map { try $0.asPartner() }, now: { Clock.start })
            let begun = Watched(0)
            let couriers = Couriers(partners) { _ in Waiting(begun, agencies.count) }
            for agency in agencies { _ = try couriers.courier(to: agency.id) }
            await couriers.shutdown()
            #expect(begun.value == agencies.count)
        }
    }
}
