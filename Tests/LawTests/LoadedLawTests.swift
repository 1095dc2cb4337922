import Law
import Policy
import Testing
import Vocabulary

/// What is judged once for all files of a route, and what makes it fall.
@Suite struct LoadedLawTests {
    private let content: LoadedLaw.Content
    private let law: LoadedLaw
    private let noon = Instant(milliseconds: 1_795_435_200_000)

    init() throws {
        let agreement = try Shipped.agreement("tees-tier-2.yaml").get()
        content = LoadedLaw.Content(catalogue: try Shipped.catalogue(), agreements: [agreement])
        law = LoadedLaw(content, admission: .lenient)
    }

    private func drop(
        _ route: String = "strategy-meeting", to partner: String = "cleveland-police", after seconds: Int64 = 0,
        _ sideCar: String? = nil
    ) throws -> LoadedLaw.Drop {
        var drop = LoadedLaw.Drop(
            try RouteName(route), sideCar: sideCar.map { Array($0.utf8) },
            Share.Sides(from: try AgencyID("hartlepool"), to: try AgencyID(partner)), at: noon.adding(seconds: seconds))
        drop.partners = [try AgencyID(partner)]
        return drop
    }

    @Test("files of one route, partner and day are judged once, and alike")
    func once() throws {
        let first = law.judge(try drop())
        for seconds in 1...50 {
            let again = law.judge(try drop(after: Int64(seconds)))
            #expect(again.labelled == first.labelled && again.decision == first.decision)
            #expect(again.origins == first.labelled?.json)
        }
        #expect(law.testOnlyJudged == 1)
    }

    @Test("another partner, other partners at hand, another route and another day in England are judged anew")
    func falls() throws {
        let first = law.judge(try drop())
        _ = law.judge(try drop(to: "stockton"))
        var alone = try drop()
        alone.partners = nil
        _ = law.judge(alone)
        _ = law.judge(try drop("mash-enquiry"))
        #expect(law.testOnlyJudged == 4)
        let tomorrow = law.judge(try drop(after: 86_400))
        #expect(law.testOnlyJudged == 5)
        #expect(tomorrow.label?.retention?.reviewBy != first.label?.retention?.reviewBy)
    }

    @Test("a side-car, a suggestion and an emergency are judged for each file")
    func each() throws {
        for _ in 0..<2 { _ = law.judge(try drop(after: 0, "categories: [pd-01]")) }
        #expect(law.testOnlyJudged == 2)
        var suggesting = try drop()
        suggesting.suggested = ["sc-health"]
        for _ in 0..<2 { #expect(law.judge(suggesting).label?.suggested == ["sc-health"]) }
        #expect(law.testOnlyJudged == 4)
        let route = try #require(law.routes.first { $0.emergency }).name.text
        let soon = try #require(law.judge(try drop(route)).label?.emergency)
        let later = try #require(law.judge(try drop(route, after: 600)).label?.emergency)
        #expect(later.reviewBy == soon.reviewBy.adding(seconds: 600))
    }

    @Test("with another law everything is judged anew")
    func replaced() throws {
        #expect(law.judge(try drop()).label != nil)
        law.replace(LoadedLaw.Content(catalogue: content.catalogue, agreements: []))
        #expect(law.judge(try drop()).label == nil)
        law.replace(content)
        #expect(law.judge(try drop()).label != nil)
        #expect(law.testOnlyJudged == 3)
    }

    @Test("while laws are replaced nobody hears what an old one said", .timeLimit(.minutes(5)))
    func race() async throws {
        let none = LoadedLaw.Content(catalogue: content.catalogue, agreements: [])
        let (one, law, content) = (try drop(), law, content)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { for _ in 0..<200 { _ = law.judge(one) } } }
            group.addTask { for _ in 0..<100 { law.replace(none); law.replace(content); law.replace(none) } }
        }
        #expect(law.judge(one).label == nil)
    }
}
