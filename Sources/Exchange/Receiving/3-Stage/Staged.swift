internal import Transport

/// What one arrival has on the disk.
struct Staged {
    /// Promised while it arrives; what is there afterwards, if it was cut.
    let bytes: Int64
    let isUrgent: Bool
    /// It was cut, and waits for its sender to go on.
    let rests: Bool

    var share: Budget.Share { isUrgent ? .urgentStaged : .staged }
}

/// What was said to an arrival that asks for space.
enum Promise { case granted, diskFull, partnerFull }
