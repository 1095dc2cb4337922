internal import Folders
internal import Transport

extension TryLater {
    /// In words about the share.
    init(_ error: any Error) {
        guard let trouble = error as? FileTrouble else {
            self.init(.ours, "This end is stopping; it goes on after the next start.")
            return
        }
        switch trouble.reason {
        case .missing:
            self.init(.unreachable, "The share is not mounted, or was never prepared for this partner.")
        case .full: self.init(.full, "The share is full; \(trouble.advice).")
        case .readOnly, .notPermitted: self.init(.ours, "The share cannot be written; \(trouble.advice).")
        case .tooManyOpen: self.init(.ours, "This end has no descriptor left; \(trouble.advice).")
        case .exists, .other: self.init(.unreachable, "The share does not work; \(trouble).")
        }
    }
}
