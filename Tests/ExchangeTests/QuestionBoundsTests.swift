import Ledger
import Testing
import Transport

struct QuestionBoundsTests {
    @Test("a road carries every request that a ledger may write, and every note")
    func bounds() {
        #expect(QuestionBounds.request == WitnessRequest.greatestBytes)
        #expect(QuestionBounds.note == SignedNote.maximumBytes)
    }
}
