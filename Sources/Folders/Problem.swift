/// Why a thing in an outbox stays where it is. Each has one sentence for the person who can mend it.
package enum Problem: String, Error, Hashable, Sendable, CaseIterable {
    case symlink, fifo, socket, device, folder
    case hardLinked = "hard-linked"
    case unreadable
    /// Closed to us, and of somebody who is not in the senders' group, so that nobody opens it for us.
    case notOfSenders = "not-of-senders"
    case notUTF8 = "not-utf8"
    case controlCharacters = "control-characters"
    case nameTooLong = "name-too-long"
    /// Somebody took it away; nothing to do.
    case gone
    case openInEditor = "open-in-editor"
    /// A transfer program's mark lies beside it.
    case arriving
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

    /// Nil for a name that may stand in a waybill: UTF-8, no control characters, at most 255 bytes when composed.
    package init?(name: FileName) {
        guard let text = name.text else {
            self = .notUTF8
            return
        }
        if name.slice.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            self = .controlCharacters
        } else if name.slice.count > Self.neverTooLong, SafeName.nfc(text).utf8.count > FileName.greatestLength {
            self = .nameTooLong
        } else {
            return nil
        }
    }

    /// Composing makes a name at most three times as long (UAX #15, expansion factors of NFC in UTF-8).
    private static let neverTooLong = FileName.greatestLength / 3

    /// What a person should do, in one sentence without the name.
    package var fix: String { "\(why): \(remedy)." }

    /// What is the matter.
    package var why: String {
        switch self {
        case .symlink: "A link is not sent"
        case .fifo, .socket, .device: "This is not a file"
        case .folder: "Folders are not sent"
        case .hardLinked: "This file has a second name elsewhere, where it could be changed unseen"
        case .unreadable: "Waybill may not read this file, and could not open it for itself"
        case .notOfSenders:
            "Waybill may not read this file, and opens closed files only of people who are in the senders' group"
        case .notUTF8: "The name has letters in an old encoding"
        case .controlCharacters: "The name holds control characters, such as a line break"
        case .nameTooLong: "The name is too long"
        case .gone: "The file was taken away before it was sent"
        case .openInEditor: "The document is open in an office program"
        case .arriving: "A transfer program says that this file is not complete"
        case .sidecarAlone: "This label has no file"
        case .sidecarMissing: "This route needs a label for each file"
        case .twoSidecars: "This file has two labels"
        case .trouble: "It could not be taken because of trouble with the disk"
        }
    }

    /// What puts it right.
    package var remedy: String {
        switch self {
        case .symlink: "put the file itself here"
        case .fifo, .socket, .device: "remove it"
        case .folder: "put the files here, or one archive of them"
        case .hardLinked: "put a copy here"
        case .unreadable: "give its group read permission (chmod g+r; Samba: inherit acls), or put a new copy here"
        case .notOfSenders: "give its group read permission (chmod g+r), or have its owner put into that group"
        case .notUTF8, .controlCharacters: "rename the file"
        case .nameTooLong: "shorten it"
        case .gone: "nothing to do"
        case .openInEditor: "close it there"
        case .arriving: "let the transfer end, or remove what the program left beside it"
        case .sidecarAlone: "put the file here too, or remove the label"
        case .sidecarMissing: "put NAME.label.yaml beside it"
        case .twoSidecars: "remove one of them"
        case .trouble: "nothing to do, it is tried again by itself"
        }
    }
}
