internal import Folders
internal import Statements
internal import Vocabulary

/// When a file was last modified, as a waybill tells it: rather left out than told wrongly.
enum ModifiedTime {
    /// A file from the future by more than this many seconds says more about a clock than about the file.
    private static let greatestAhead: Int64 = 24 * 3600

    /// Milliseconds, cut down. Nil before 1970, after 9999, and more than a day after `now`: no statement can, or should,
    /// say that.
    /// - Parameter nanoseconds: since 1970, as the file system has it.
    static func told(_ nanoseconds: Int64, at now: Instant) -> Instant? {
        guard nanoseconds >= 0 else { return nil }
        let moment = Instant(milliseconds: nanoseconds / 1_000_000)
        return moment <= now.adding(seconds: greatestAhead) ? moment : nil
    }
}

extension WeighedFile {
    /// Of the bytes that were weighed. Nil for a partner whose card does not say that it reads `waybill/v2`.
    func modified(toldTo partner: Partner, at now: Instant) -> Instant? {
        guard partner.card.versions.contains(Waybill.datedStatement) else { return nil }
        return ModifiedTime.told(facts.stamp.modified, at: now)
    }
}
