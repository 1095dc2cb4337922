package import Vocabulary

/// What makes a record more than one person's own affair. It stops an erasure, unless two officers say `although`.
///
/// Room is left for what nobody overrules: a legal hold and the keeping time of a class of records are obstacles
/// (`ErasureCandidate.Obstacle`), not concerns.
package enum ErasureConcern: Hashable, Sendable, CustomStringConvertible {
    /// Other people are named in it too, by the references that labels carry: it is their record as well.
    case others([String])
    /// Somebody is to look on this day whether it is still needed.
    case review(CalendarDate)
    /// A file of a child safeguarding review or an investigation whose label names nobody may be about anybody.
    case namesNobody(purpose: String)

    package var description: String {
        switch self {
        case .others(let references):
            "\(references.count == 1 ? "another person is" : "other people are") named in it: "
                + references.sorted().joined(separator: ", ")
        case .review(let day): "its review date is to come: \(day)"
        case .namesNobody(let purpose): "its label names nobody and its purpose is \(purpose): it may be about anybody"
        }
    }

    /// For the event, which stays for ever: names nobody.
    package var word: String {
        switch self {
        case .others(let references): "others \(references.count)"
        case .review(let day): "review \(day)"
        case .namesNobody: "names-nobody"
        }
    }

    /// Purposes of which a file without a name is kept: child safeguarding practice reviews, and investigations of crime
    /// (Tees protocol 5.3).
    private static let kept = ["pu-1", "pu-3"]

    package static func isKept(purpose: String) -> Bool {
        kept.contains { purpose == $0 || purpose.hasPrefix($0 + ".") }
    }
}

extension ErasureCandidate {
    /// - Parameters:
    ///   - subject: for whom it is to be erased; nil where it is not done for somebody, as by age: then a record of one
    ///     person is that person's, and one of several is everybody's.
    ///   - review: the date in what was signed, if one can be read.
    package func concerns(about subject: String?, review: CalendarDate?, on today: CalendarDate) -> [ErasureConcern] {
        var concerns: [ErasureConcern] = []
        let others = persons.filter { $0 != subject }
        if subject == nil ? others.count > 1 : !others.isEmpty { concerns.append(.others(others)) }
        if let day = [review, reviewBy].compactMap({ $0 }).max(), day > today { concerns.append(.review(day)) }
        if persons.isEmpty, ErasureConcern.isKept(purpose: record.purpose) {
            concerns.append(.namesNobody(purpose: record.purpose))
        }
        return concerns
    }
}

extension Erasure {
    /// Two officers take it on themselves to erase in spite of concerns. Stands in the event for ever, so names nobody else.
    package struct Although: Hashable, Sendable {
        /// The law by which it is asked for.
        package enum Ground: String, Sendable, CaseIterable {
            /// UK GDPR 17(1)(a) to (e).
            case noLongerNeeded = "17-1-a", consentWithdrawn = "17-1-b", objection = "17-1-c", unlawful = "17-1-d"
            case legalObligation = "17-1-e"
            /// DPA 2018 s.47(1) and (2), for law enforcement.
            case partThree = "47-1", evidence = "47-2"
            case courtOrder = "court-order"
        }

        /// Who asked for it.
        package enum Requester: String, Sendable, CaseIterable {
            case subject, parent, representative, court, commissioner, agency
        }

        package let ground: Ground
        package let requester: Requester
        /// The account of the second officer.
        package let second: String

        package init(ground: Ground, requester: Requester, second: String) {
            (self.ground, self.requester, self.second) = (ground, requester, second)
        }

        package var json: JSON {
            .object([
                "ground": .string(ground.rawValue), "requester": .string(requester.rawValue),
                "second": .string("person:\(second)"),
            ])
        }

        package init(_ json: JSON) throws(Malformed) {
            var m = try JSONMembers(json, of: "although")
            let second = try m.string("second")
            guard let ground = Ground(rawValue: try m.string("ground")),
                let requester = Requester(rawValue: try m.string("requester")), second.hasPrefix("person:")
            else { throw Malformed("although", "has a word that this version does not know") }
            try m.end()
            self.init(ground: ground, requester: requester, second: String(second.dropFirst("person:".count)))
        }
    }

    /// Takes one person's reference out of a record and leaves the rest: what names it goes from the ledger, what was
    /// signed among it, because nobody can take a word out of that.
    package struct OfReference: Hashable, Sendable {
        package let key: ConsignmentKey
        package let reference: String
        package let because: String
        package let by: String
        /// Notes, labels and what lies beside the file, in which it may stand.
        package let file: ErasedFile
        /// What was signed goes, and the review date in it must not: the event about the consignment keeps it.
        package var reviewBy: CalendarDate?

        package init(_ key: ConsignmentKey, reference: String, because: String, by: String, file: ErasedFile) {
            (self.key, self.reference, self.because) = (key, reference, because)
            (self.by, self.file) = (by, file)
        }
    }
}
