import Testing
import Vocabulary
@testable import waybill

@Suite("What events do to duties, in words")
struct DutyStoryTests {
    private func facts(_ state: String, contact: String? = nil, ground: String? = nil, due: String) -> [String: JSON] {
        var duty: [String: JSON] = [
            "id": .string("one"), "kind": .string("notice"), "state": .string(state), "due": .string(due),
        ]
        duty["ground"] = ground.map(JSON.string)
        duty["facts"] = contact.map { .object(["contact": .string($0)]) }
        return ["duties": .array([.object(duty)])]
    }

    @Test("a first contact with somebody whose notice is deferred is no second deferral")
    func contact() {
        var story = DutyStory()
        #expect(story.changes(by: facts("open", due: "2027-01-01")) == ["notice open"])
        #expect(
            story.changes(by: facts("deferred", ground: "14-5-b", due: "2027-01-01")) == ["notice deferred (14-5-b)"])
        #expect(
            story.changes(by: facts("deferred", contact: "2026-12-01", ground: "14-5-b", due: "2026-12-01"))
                == ["notice: first contact 2026-12-01, due by 2026-12-01"])
        #expect(story.changes(by: facts("closed", ground: "14-5-a", due: "2026-12-01")) == ["notice closed (14-5-a)"])
    }
}
