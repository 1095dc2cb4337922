/// Why a thing in an outbox stays where it is. Each has one sentence for the person who can mend it.
package enum Problem: String, Error, Hashable, Sendable, CaseIterable {
    case symlink, fifo, socket, device, folder
    case hardLinked = "hard-linked"
    case unreadable
    case notUTF8 = "not-utf8"
    /// Somebody took it away; nothing to do.
    case gone
    case openInEditor = "open-in-editor"
    case sidecarAlone = "sidecar-alone"
    case sidecarMissing = "sidecar-missing"
    case twoSidecars = "two-sidecars"
    /// The disk or this program could not take it just now.
    case trouble

    /// Nil for kinds that may be sent.
    init?(kind: FileKind) {
        switch kind {
        case .regular: return nil
        case .folder: self = .folder
        case .symlink: self = .symlink
        case .fifo: self = .fifo
        case .socket: self = .socket
        case .device: self = .device
        }
    }

    /// What a person should do, in one sentence without the name.
    package var fix: String {
        switch self {
        case .symlink: "A link is not sent: put the file itself here."
        case .fifo, .socket, .device: "This is not a file: remove it."
        case .folder: "Folders are not sent: put the files here, or one archive of them."
        case .hardLinked: "This file has a second name elsewhere, where it could be changed unseen: put a copy here."
        case .unreadable: "Waybill may not read this file: give its group read permission (Samba: inherit acls)."
        case .notUTF8: "The name has letters in an old encoding: rename the file."
        case .gone: "The file was taken away before it was sent: nothing to do."
        case .openInEditor: "The document is open in an office program: close it there."
        case .sidecarAlone: "This label has no file: put the file here too, or remove the label."
        case .sidecarMissing: "This route needs a label for each file: put NAME.label.yaml beside it."
        case .twoSidecars: "This file has two labels: remove one of them."
        case .trouble: "It could not be taken because of trouble with the disk. It is tried again by itself."
        }
    }
}
