internal import Transport
internal import Vocabulary

/// The disk: each partner's arrivals, running and cut, have so many bytes together; emergencies an account of their own.
struct StagedBytes {
    private let budget: Budget
    private var staged: [StagingKey: Staged] = [:]
    /// Bytes promised to running arrivals of each partner: asked for every file, and a batch has hundreds.
    private var running: [AgencyID: Int64] = [:]

    init(_ budget: Budget) { self.budget = budget }

    /// Promises bytes to an arrival: not if they are not there once all that is promised to others is counted.
    ///
    /// No partner's promises keep others from more than half of what is free: what was promised and does not come would stop
    /// everybody. An emergency gives nothing for what others were promised and did not use, and may use half of the reserve.
    mutating func promise(_ bytes: Int64, to key: StagingKey, isUrgent: Bool, free: Int64, reserve: Int64) -> Promise {
        let before = staged[key]
        forget(key)
        let wanted = Staged(bytes: bytes, isUrgent: isUrgent, rests: false)
        let kept = isUrgent ? reserve / 2 : reserve + promised(for: key.partner, others: max(0, free - reserve) / 2)
        guard free - kept >= bytes else {
            if let before { put(before, key) }
            return .diskFull
        }
        guard budget.take(bytes, of: wanted.share, for: .partner(key.partner), orAlone: true) else {
            if let before { put(before, key) }
            return .partnerFull
        }
        set(key, wanted)
        return .granted
    }

    /// What is promised to running arrivals: of each partner but this one no more than `most` counts.
    private func promised(for partner: AgencyID, others most: Int64) -> Int64 {
        running.reduce(0) { $0 + ($1.key == partner ? $1.value : min($1.value, most)) }
    }

    private mutating func set(_ key: StagingKey, _ one: Staged?) {
        let before = staged[key]
        staged[key] = one
        let change = (one?.running ?? 0) - (before?.running ?? 0)
        if change != 0 { running[key.partner, default: 0] += change }
        if running[key.partner] == 0 { running[key.partner] = nil }
    }

    /// Whether one more of this partner's may be kept after it was cut.
    mutating func mayRest(_ key: StagingKey) -> Bool {
        staged[key]?.rests == true || budget.take(of: .resting, for: .partner(key.partner))
    }

    /// What is kept of one that was cut, after `mayRest`.
    mutating func keep(_ key: StagingKey, bytes: Int64) {
        let isUrgent = staged[key]?.isUrgent ?? false
        if let before = staged[key], !before.rests {
            budget.give(before.bytes, of: before.share, for: .partner(key.partner))
        }
        if staged[key]?.rests == true { return }
        set(key, Staged(bytes: bytes, isUrgent: isUrgent, rests: true))
        budget.count(bytes, of: isUrgent ? .urgentStaged : .staged, for: .partner(key.partner))
    }

    func isCounted(_ key: StagingKey) -> Bool { staged[key] != nil }

    /// What a former life left.
    mutating func adopt(_ key: StagingKey, bytes: Int64) {
        guard staged[key] == nil else { return }
        put(Staged(bytes: bytes, isUrgent: false, rests: true), key)
    }

    /// It arrives no more; what was kept of it rests.
    mutating func ended(_ key: StagingKey) {
        if staged[key]?.rests == false { forget(key) }
    }

    /// Nothing of it is on the disk any more.
    mutating func forget(_ key: StagingKey) {
        guard let gone = staged[key] else { return }
        set(key, nil)
        budget.give(gone.bytes, of: gone.share, for: .partner(key.partner))
        if gone.rests { budget.give(of: .resting, for: .partner(key.partner)) }
    }

    /// Of those that rest only these are still kept.
    mutating func forgetResting(besides kept: Set<StagingKey>) {
        for (key, staged) in staged where staged.rests && !kept.contains(key) { forget(key) }
    }

    private mutating func put(_ one: Staged, _ key: StagingKey) {
        set(key, one)
        budget.count(one.bytes, of: one.share, for: .partner(key.partner))
        if one.rests { budget.count(1, of: .resting, for: .partner(key.partner)) }
    }
}

/// What one arrival has on the disk.
struct Staged {
    /// Promised while it arrives; what is there afterwards, if it was cut.
    let bytes: Int64
    let isUrgent: Bool
    /// It was cut, and waits for its sender to go on.
    let rests: Bool

    /// Bytes that still count as promised.
    fileprivate var running: Int64 { rests ? 0 : bytes }
    var share: Budget.Share { isUrgent ? .urgentStaged : .staged }
}

/// What was said to an arrival that asks for space.
enum Promise { case granted, diskFull, partnerFull }
