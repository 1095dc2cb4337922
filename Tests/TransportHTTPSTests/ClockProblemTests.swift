import ExchangeTesting
import Testing
import Transport
import TransportHTTPS

/// What a sender is told when the recipient's clock says that its date cannot be.
@Suite("A date that cannot be", .timeLimit(.minutes(5)))
struct ClockProblemTests {
    @Test("names the clock in words of ours, and none of the partner's", arguments: [true, false])
    func words(isClock: Bool) async throws {
        let handler = TransportTestHandler()
        handler.manner = .problem(Problem(isClock ? .clock : .malformed, "Read this at http://example.test"))
        try await HTTPSRig().around(handler) { courier in
            let later = try await courier.carry(TransportTestParcel(parts: 1), from: 1).later
            #expect(later?.reason == .misunderstood)
            #expect((later?.explanation.contains("Our clocks differ") == true) == isClock)
            #expect((later?.explanation.contains("compare versions") == true) != isClock)
            #expect(later?.explanation.contains("example.test") == false)
        }
    }
}
