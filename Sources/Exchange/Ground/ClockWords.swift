package import Vocabulary

/// What people are told of a wrong clock, ours above all. All of it stands here.
package enum ClockWords {
    /// The alarm `clock`; nil while the clock is sound.
    package static func alarm(_ verdict: ClockJudge.Verdict, now: Instant) -> String? {
        switch verdict {
        case .sound: nil
        case .ahead(let by, let mark):
            "\(says(now)), \(length(by)) or more ahead of \(mark.what) \(moment(mark.at)). \(mend) \(kept)"
        case .behind(let by, let mark):
            "\(says(now)), \(length(by)) or more behind \(mark.what) \(moment(mark.at)): it is behind, or was ahead when "
                + "that was written. \(mend) \(kept)"
        case .unknown(let by, let mark):
            "\(says(now)), \(length(by)) after \(mark.what) \(moment(mark.at)). If this machine was off for so long, this "
                + "ends by itself as soon as a partner or a time authority answers. If not, the clock is wrong. \(mend) \(kept)"
        }
    }

    /// One sentence that goes before what may only be a consequence of it; nil while the clock is sound.
    package static func first(_ verdict: ClockJudge.Verdict, now: Instant) -> String? {
        switch verdict {
        case .sound: nil
        case .ahead(let by, let mark), .behind(let by, let mark), .unknown(let by, let mark):
            "FIRST THE CLOCK: this machine's says \(moment(now)), \(length(by)) from \(mark.what) \(moment(mark.at)). Is it "
                + "right? (timedatectl)"
        }
    }

    /// Of a waybill of ours that bears a date to come.
    package static func datedAhead(_ signedAt: Instant, now: Instant) -> String {
        """
        It was signed at \(moment(signedAt)), which is \(length(signedAt.milliseconds - now.milliseconds)) from now: our \
        clock was ahead then, and its recipient would not take it before that day.
        """
    }

    private static let mend = "Set it by a time server (timedatectl; chronyc tracking)."
    private static let kept = "Until then nothing is deleted for being old; files go to and fro."

    private static func says(_ now: Instant) -> String { "Our clock says \(moment(now))" }
    private static func length(_ milliseconds: Int64) -> String { ClockReading.Finding.ahead(milliseconds).words }
    private static func moment(_ instant: Instant) -> String { Notes.moment(instant) }
}
