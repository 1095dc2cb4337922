internal import Policy
internal import Vocabulary

/// What was judged of files that differ in nothing that policy looks at: those of one route, between the same two, on one
/// day in England, by the same law and among the same partners.
///
/// A side-car, a suggestion of the content check and an emergency, whose review is reckoned from the minute, are judged for
/// each file. It falls when the law is replaced, and with the day.
struct KnownJudgements {
    /// Nil for a drop that is like no other.
    struct Alike: Hashable {
        let route: RouteName
        let sides: Share.Sides
        let partners: Set<AgencyID>?
        let day: CalendarDate

        init?(_ drop: LoadedLaw.Drop) {
            guard drop.sideCar == nil, drop.suggested.isEmpty else { return nil }
            (route, sides, partners, day) = (drop.route, drop.sides, drop.partners, drop.at.londonDate)
        }
    }

    /// Which law it is of: what was being judged when that was replaced is not kept.
    private(set) var life = 0
    private(set) var judged = 0
    private var day = CalendarDate(daysSince1970: 0)
    private var known: [Alike: LoadedLaw.Judgement] = [:]
    /// Routes times partners of an installation are far fewer.
    private static let most = 4096

    var emptied: KnownJudgements {
        var next = KnownJudgements()
        (next.life, next.judged) = (life + 1, judged)
        return next
    }

    func find(_ alike: Alike?) -> LoadedLaw.Judgement? { alike.flatMap { known[$0] } }

    mutating func keep(_ judgement: LoadedLaw.Judgement, _ alike: Alike?, _ life: Int) {
        judged += 1
        guard let alike, life == self.life, judgement.label?.emergency == nil, judgement.deferred.isEmpty else {
            return
        }
        if alike.day != day || known.count == Self.most { known = [:] }
        day = alike.day
        known[alike] = judgement
    }
}
