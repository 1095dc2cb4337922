internal import Policy
internal import Vocabulary

/// Why a file waits for a person though policy has nothing against it.
enum HoldReasons {
    static let citation = "UK GDPR Art 5(1)(d), (f)"

    static let ourDisk = Finding(
        rule: "our-disk", citation: citation,
        found: "Our disk could not keep this file, so what lies here may be damaged. It was not sent.",
        fix: "Drop the file again from where you have it; do not use this copy. Tell whoever runs this machine (dmesg)."
    )

    static let empty = Finding(
        rule: "empty", citation: citation, found: "The file is empty: 0 bytes.",
        fix: "If it should hold something, save it again and drop that. If it is meant to be empty, release it.")

    /// Nil unless the label beside it is of somebody else.
    static func strangersLabel(_ claimed: ClaimedFile) -> Finding? {
        guard claimed.isLabelStrange, let author = claimed.labelledBy else { return nil }
        return Finding(
            rule: "label-author", citation: citation,
            found: "The label beside this file was laid there by \(author), and the file belongs to "
                + "\(claimed.account). It does not count.",
            fix: "Whoever owns the file, or an officer, lays the label that is meant; or an officer releases the file "
                + "under the label of its folder.")
    }

    static func powerCut(_ cut: PowerCut) -> Finding {
        Finding(
            rule: "power-cut", citation: citation,
            found: "The power failed, or a disk was taken away, just after this file was dropped "
                + "(\(Notes.moment(cut.lastSeen))), so it may be cut short. It was not sent.",
            fix: "Open it. If it is whole, release it; if not, drop it again from where you have it.")
    }

    static let changed = Finding(
        rule: "changed", citation: citation,
        found: "What lies here is no longer what was signed: it was changed or damaged after that.",
        fix: "Drop the file again from where you have it.")
}
