package import Exchange
internal import Folders
internal import Inspection
internal import Policy
package import Settings
internal import Synchronization
package import Vocabulary

/// The content check of this installation: its words, replaced when they are loaded anew, and its extractors.
package final class ContentLoader: Sendable {
    private let toolbox: Toolbox
    private let us: AgencyID
    private let now: @Sendable () -> Instant
    private let inspector = Mutex<Inspector?>(nil)

    /// Blocks for some milliseconds: it tries out which extractors and which walls there are.
    package init(us: AgencyID, now: @escaping @Sendable () -> Instant) {
        (self.us, self.now) = (us, now)
        toolbox = Toolbox.find()
    }

    /// Without words nothing is checked, and every decision says so. If they are not sound, the old ones stay.
    package func load(_ folders: InstallationFolders) throws {
        let made = try LawFiles.words(folders).map { Inspector(WordTable($0, organisation: us.text), toolbox: toolbox) }
        inspector.withLock { $0 = made }
    }

    package var look: ContentLook {
        { [self] file, size, mediaType, ending in
            guard let inspector = inspector.withLock({ $0 }) else {
                return Inspection(.notChecked("there is no sound words file in catalogue/"))
            }
            return await inspector.inspect(
                file, size: size, mediaType: mediaType, fileExtension: ending, today: now().londonDate)
        }
    }
}
