import ExchangeTesting
import Testing
import Transport
import Vocabulary

/// The in-memory twin that other suites use must behave like the real ones.
private struct FakeRig: TransportRig {
    let isLive = true

    func around(_ handler: TransportTestHandler, _ body: (any Courier) async throws -> Void) async throws {
        try await body(FakeCourier(from: AgencyID("cleveland-police"), to: handler))
    }
}

@Suite(.timeLimit(.minutes(5)))
struct FakeCourierTests {
    @Test("the fake courier conforms", arguments: TransportCase.allCases)
    func conforms(_ testCase: TransportCase) async throws {
        try await TransportConformance(FakeRig()).check(testCase)
    }
}
