extension Array {
    /// The next stage, with all that got so far at once; what ended before stays as it ended, at its place.
    /// - Parameter stage: returns one for each, in their order.
    func then<Item, Made, Failure: Error>(
        _ stage: ([Item]) async -> [Result<Made, Failure>]
    ) async -> [Result<Made, Failure>] where Element == Result<Item, Failure> {
        let going = compactMap { try? $0.get() }
        var made = going.isEmpty ? [] : await stage(going)[...]
        return map { $0.flatMap { _ in made.removeFirst() } }
    }
}
