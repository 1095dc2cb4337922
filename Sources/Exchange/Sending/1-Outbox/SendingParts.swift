package import Folders
package import Inspection
internal import Vocabulary

/// Looks into the content of a file: given its open descriptor, size, media type and the ending of its name.
package typealias ContentLook = @Sendable (SharedFile, Int64, String, String) async -> Inspection

/// What only the sending half needs besides its agency.
package struct SendingParts: Sendable {
    /// Beside what was dropped and does not go.
    let notSent: NotSentNotes
    /// Whose labels count beside whose files.
    let labelAuthors: LabelAuthors
    /// How the daemon's last life ended.
    let lastLife: LastLife
    /// Nil where content is never looked into, as in tests.
    let look: ContentLook?

    package init(
        contacts: ContactBook, labelAuthors: LabelAuthors = LabelAuthors(), lastLife: LastLife = .none,
        look: ContentLook? = nil
    ) {
        notSent = NotSentNotes(contacts: { contacts.ours })
        (self.labelAuthors, self.lastLife, self.look) = (labelAuthors, lastLife, look)
    }
}
