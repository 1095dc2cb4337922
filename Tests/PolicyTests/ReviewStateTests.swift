import Policy
import Testing
import Vocabulary

@Suite struct ReviewStateTests {
    @Test(
        "a review warns from its days ahead, and is overdue from the day after it was due",
        arguments: [
            ("2027-01-30", "is to be reviewed by 2027-04-01", false),
            ("2027-01-31", "is to be reviewed by 2027-04-01, in 60 days", true),
            ("2027-03-31", "is to be reviewed by 2027-04-01, in 1 day", true),
            ("2027-04-01", "is to be reviewed by 2027-04-01, which is today", true),
            ("2027-04-02", "was to be reviewed by 2027-04-01, 1 day ago", true),
            ("2027-05-01", "was to be reviewed by 2027-04-01, 30 days ago", true),
        ])
    func ahead(_ day: String, _ words: String, _ isAlarm: Bool) throws {
        let agreement = try #require(try Situation().agreement)
        let state = try #require(agreement.reviews(on: try CalendarDate(day), warnAhead: 60).first).state
        #expect(state.words == words)
        #expect(state.isAlarm == isAlarm)
    }

    @Test("every document of an agreement has its own review")
    func documents() throws {
        var agreement = try #require(try Situation().agreement)
        agreement.policyDocument = .init(id: "apd-1", reviewBy: try CalendarDate("2026-11-30"))
        agreement.dpia = .init(id: "dpia-1")
        let reviews = agreement.reviews(on: try CalendarDate("2026-11-22"))
        #expect(
            reviews.map(\.sentence) == [
                "Agreement tees-tier-2 is to be reviewed by 2027-04-01.",
                "Policy document apd-1 is to be reviewed by 2026-11-30, in 8 days.",
                "Impact assessment dpia-1 names no date of review.",
            ])
        #expect(reviews.map(\.state.isAlarm) == [false, true, false])
    }
}
