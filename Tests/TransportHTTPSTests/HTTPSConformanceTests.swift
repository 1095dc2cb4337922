import ExchangeTesting
import Testing

@Suite(.timeLimit(.minutes(5)))
struct HTTPSConformanceTests {
    @Test("HTTPS conforms", arguments: TransportCase.allCases)
    func conforms(_ testCase: TransportCase) async throws {
        try await TransportConformance(HTTPSRig()).check(testCase)
    }
}
