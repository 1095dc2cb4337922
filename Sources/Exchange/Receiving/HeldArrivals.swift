internal import Transport
internal import Vocabulary

/// A small consignment whose every byte is here, sealed and in memory, and nothing of it on the disk.
struct WholeArrival: Sendable {
    let passage: Arrivals.Passage
    let opened: OpenedWaybill
    /// Its one part.
    let part: Lent

    var key: StagingKey { passage.key }
    var id: ConsignmentID { key.id }

    /// Bytes up to which a file is taken whole into memory before anything of it is written.
    private static let small: Int64 = 1 << 20

    static func isSmall(_ waybill: Waybill) -> Bool { waybill.partCount == 1 && waybill.file.size <= small }
}

/// The consignments of one batch as they come in: their answers, and those that wait for the others.
struct HeldArrivals {
    /// By place; nil for what has none yet.
    var answers: [ArrivalAnswer?] = []
    var whole: [WholeArrival] = []

    /// The place of the next one.
    mutating func begin() -> Int {
        answers.append(nil)
        return answers.count - 1
    }

    mutating func takeWhole() -> [WholeArrival] {
        defer { whole = [] }
        return whole
    }
}

/// One of a batch between two stages: it goes on, or it has its answer.
typealias Passing<Item> = Result<Item, Answered>

struct Answered: Error {
    let answer: ArrivalAnswer
}

extension Result where Failure == Answered {
    static func goes(_ item: Success) -> Self { .success(item) }
    static func ends(_ answer: ArrivalAnswer) -> Self { .failure(Answered(answer: answer)) }
}
