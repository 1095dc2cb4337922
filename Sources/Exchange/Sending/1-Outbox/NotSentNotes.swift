internal import Folders
internal import Synchronization
package import Vocabulary

/// The notes beside what does not go by itself: `NAME.not-sent.txt`, for whoever dropped it and may ask nothing else.
///
/// A note is there while its reason is, and gone with it. It is written whole, never through a link and never over a file
/// of somebody else; at most fifty lie in one folder, beyond them one that counts the rest. Of all this nothing is logged:
/// names may name a child. Every method blocks: use them inside `Blocking.run`.
package final class NotSentNotes: Sendable {
    /// What is the matter with one thing, and what puts it right.
    package struct Word: Hashable, Sendable {
        package let why: String
        package let remedy: String

        package init(why: String, remedy: String) {
            self.why = why
            self.remedy = remedy
        }
    }

    /// What is known of one folder.
    private struct Place {
        /// By the thing that is not sent.
        var written: [FileName: Written] = [:]
        var summary: Int?
    }

    private struct Written {
        let note: FileName
        let text: [UInt8]
    }

    static let most = 50
    static let summaryName = "AND MORE" + DropName.noteSuffix

    private let places = Mutex<[String: Place]>([:])
    private let contacts: @Sendable () -> Contacts

    /// - Parameter contacts: whom to telephone in this organisation.
    package init(contacts: @escaping @Sendable () -> Contacts = { Contacts() }) { self.contacts = contacts }

    /// Makes the notes in a folder those of what a look found.
    /// - Parameters:
    ///   - young: what is not told yet; a note that lies beside it from before a restart stays.
    ///   - notes: those that lie there, ours or copies. Ours that say what is true no more are removed.
    func found(
        _ words: [FileName: Word], young: Set<FileName>, notes: [FileName], in folder: Folder, of place: String
    ) {
        places.withLock { places in
            var known = places[place] ?? Place()
            removeStale(notes, young.union(words.keys), folder, known)
            settle(words, folder, lying: Set(notes), young, &known)
            places[place] = known.written.isEmpty && known.summary == nil ? nil : known
        }
    }

    /// Notes of a former life, or of what is mended.
    private func removeStale(_ notes: [FileName], _ wanted: Set<FileName>, _ folder: Folder, _ place: Place) {
        var known = Set(place.written.values.map(\.note))
        if place.summary != nil, let summary = FileName(Self.summaryName) { known.insert(summary) }
        let expected = known.union(wanted.compactMap { Self.noteName(of: $0, 1) })
        for note in notes where !expected.contains(note) { remove(note, folder) }
    }

    private func settle(
        _ wanted: [FileName: Word], _ folder: Folder, lying: Set<FileName>, _ young: Set<FileName>, _ place: inout Place
    ) {
        for (name, written) in place.written where wanted[name] == nil && !young.contains(name) {
            remove(written.note, folder)
            place.written[name] = nil
        }
        // Those that are told already stay told.
        let news = wanted.keys.filter { place.written[$0] == nil }.sorted()
        let room = max(0, Self.most - place.written.count)
        let told = wanted.keys.filter { place.written[$0] != nil } + news.prefix(room)
        for name in told { if let word = wanted[name] { write(name, word, in: folder, lying, &place) } }
        summarise(wanted.count - told.count, folder, &place)
    }

    private func write(
        _ name: FileName, _ word: Word, in folder: Folder, _ lying: Set<FileName>, _ place: inout Place
    ) {
        let text = Array(Notes.notSent(name: DropCheck.printable(name), word, contacts: contacts()).utf8)
        if let old = place.written[name] {
            if old.text == text, lying.contains(old.note) { return }
            remove(old.note, folder)
        }
        let taken = Set(place.written.filter { $0.key != name }.values.map(\.note))
        place.written[name] = nil
        for number in 1...9 {
            guard let note = Self.noteName(of: name, number), !taken.contains(note) else { continue }
            if OurNote.isOurs(note, in: folder) { remove(note, folder) }
            if put(text, folder, note) {
                place.written[name] = Written(note: note, text: text)
                return
            }
        }
    }

    private func summarise(_ count: Int, _ folder: Folder, _ place: inout Place) {
        guard place.summary ?? 0 != count, let note = FileName(Self.summaryName) else { return }
        remove(note, folder)
        let text = Array(Notes.moreNotSent(count, contacts: contacts()).utf8)
        place.summary = count > 0 && put(text, folder, note) ? count : nil
    }

    /// The content is on the disk before the name is there: a note that a power cut left empty would say nothing.
    private func put(_ text: [UInt8], _ folder: Folder, _ note: FileName) -> Bool {
        do {
            try DurableFile.write(text, to: folder, note, mode: 0o644, clash: .noReplace, .contentSynced)
            return true
        } catch {
            return false
        }
    }

    /// Only one of ours. Where strangers drop, the folder is sticky: nobody can put theirs in its place meanwhile.
    private func remove(_ note: FileName, _ folder: Folder) {
        if OurNote.isOurs(note, in: folder) { try? folder.remove(note) }
    }

    /// Printable and safe on every client, whatever the thing itself is called.
    static func noteName(of name: FileName, _ number: Int) -> FileName? {
        let safe = SafeName.forInbox(DropCheck.printable(name))
        let own = number == 1 ? safe : SafeName.numbered(safe, number)
        return FileName(SafeName.note(own, suffix: DropName.noteSuffix))
    }
}
