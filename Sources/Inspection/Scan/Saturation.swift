/// What more text can teach nothing about: it was counted up to the cap and is as certain as it can be. The rest of the
/// text is read without it, and what is told of it stays the same.
struct Saturation {
    private var families: [Bool]
    private var kinds = IdentifierKind.allCases.map { _ in false }
    /// By family: the peak from which on its confidence can change no more.
    private let peaks: [Int]
    private let most: Int

    /// - Parameter most: the cap.
    init(_ lexicon: Lexicon, most: Int) {
        self.most = most
        peaks = lexicon.families.map(Self.peak)
        families = lexicon.families.map(\.words.isEmpty)
    }

    var hasAllKinds: Bool { kinds.allSatisfy(\.self) }
    var isComplete: Bool { hasAllKinds && families.allSatisfy(\.self) }

    /// Whether this tells more than the tally before did.
    mutating func learn(_ tally: borrowing Tally) -> Bool {
        var isNew = false
        for index in families.indices where !families[index] {
            let family = tally.families[index]
            families[index] = family.hits >= most && family.peak >= peaks[index]
            isNew = isNew || families[index]
        }
        for (index, kind) in IdentifierKind.allCases.enumerated() where !kinds[index] {
            kinds[index] = tally.count(kind) >= most && tally.count(kind, kind.best) > 0
            isNew = isNew || kinds[index]
        }
        return isNew
    }

    /// Whether a word can still change what is told. The words beside identifiers that depend on them stay until every
    /// identifier is known: one that is found hides others.
    func isNeeded(_ role: WordTable.Role) -> Bool {
        switch role {
        case .trap(let family), .word(let family, _): !families[family]
        case .context(let index):
            IdentifierKind.allCases[index].dependsOnContext ? !hasAllKinds : !kinds[index]
        }
    }

    private static func peak(_ family: Lexicon.Family) -> Int {
        let peak = family.words.map(\.weight).sorted(by: >).prefix(Passage.room).reduce(0, +)
        let score = peak + Tally.patientHint(family)
        let goals = [2 * family.threshold, family.threshold]
        return goals.first { score >= $0 }.map { min($0, peak) } ?? 0
    }
}
