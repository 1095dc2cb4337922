package import Folders
package import Inspection
internal import Law
internal import Ledger
internal import Logging
internal import Policy
internal import Synchronization
internal import Vocabulary

/// A look into one file, beside its weighing: both read the same pages.
///
/// It has 5 s, its wait for a turn included, or as long as the weighing takes if that is longer: a look is a help, and no
/// reason for a file to wait. Where the route says that what is found holds the file, load never switches the check off.
struct Looking: Sendable {
    private static let patience = 5.0

    private let task: Task<Inspection?, Never>
    private let mustEnd: Bool
    private let began = BootClock.now()
    private let isOver = Over()

    private final class Over: Sendable {
        private let isSet = Atomic(false)
        var value: Bool { isSet.load(ordering: .acquiring) }
        func set() { isSet.store(true, ordering: .releasing) }
    }

    /// - Parameter ended: called once it is known what is in it.
    init(_ looker: ContentLooker, _ claimed: ClaimedFile, _ ended: @escaping @Sendable () -> Void = {}) {
        task = Task { [isOver] in
            let found = await looker.look(into: claimed)
            isOver.set()
            ended()
            return found
        }
        mustEnd = looker.contentCheck(of: claimed) == .hold
    }

    func stop() { task.cancel() }

    func result() async -> Inspection? {
        // Mostly it has ended by now, and no clock is needed.
        if mustEnd || isOver.value { return await task.value }
        let left = Self.patience - Double(BootClock.now() - began) / 1e9
        return await Patience.value(of: task, within: max(0.01, left)) ?? Inspection(.notChecked("no time"))
    }
}

/// Waits for a task, but not for ever.
enum Patience {
    /// Nil once the time is over; then the task is cancelled and left alone.
    static func value<T: Sendable>(of task: Task<T, Never>, within seconds: Double) async -> T? {
        let (answers, tell) = AsyncStream<T?>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let waiting = Task { tell.yield(await task.value) }
        let timer = Task {
            try? await Task.sleep(for: .seconds(seconds))
            tell.yield(nil)
        }
        defer { timer.cancel() }
        for await answer in answers {
            if answer == nil { task.cancel() }
            return answer
        }
        waiting.cancel()
        return nil
    }
}

/// Looks into what was claimed, as the route says.
struct ContentLooker: Sendable {
    let agency: Agency
    /// Nil where content is never looked into.
    let look: ContentLook?

    func contentCheck(of claimed: ClaimedFile) -> Route.ContentCheck {
        agency.law.contentCheck(
            claimed.route, sender: agency.us.id, recipient: claimed.partner, at: agency.clock.now())
    }

    /// What a look into the file suggests; nil where it is not to be looked into.
    func look(into claimed: ClaimedFile) async -> Inspection? {
        guard isLookedInto(claimed) else { return nil }
        guard let opened = await opened(claimed) else { return Inspection(.notChecked("it could not be opened")) }
        return await look(into: opened, claimed)
    }

    private func isLookedInto(_ claimed: ClaimedFile) -> Bool { look != nil && contentCheck(of: claimed) != .off }

    private func look(into opened: Opened, _ claimed: ClaimedFile) async -> Inspection? {
        guard let look else { return nil }
        return await FileEnding.look(look, into: opened.file, size: opened.size, named: claimed.name)
    }

    /// A file to be looked into, whatever becomes of its name.
    struct Opened: Sendable {
        let file: SharedFile
        let size: Int64
    }

    /// Nil where it is not to be looked into.
    func open(_ claimed: ClaimedFile) async -> Opened? {
        isLookedInto(claimed) ? await opened(claimed) : nil
    }

    private func opened(_ claimed: ClaimedFile) async -> Opened? {
        try? await Blocking.run {
            let file = SharedFile(try FileHandle(claimed.fileName, in: claimed.folder, .read))
            return Opened(file: file, size: try file.handle.facts().size)
        }
    }

    /// What is found in an emergency's file after it was sent goes to whoever reviews it. In front of nobody any more.
    func lookAfterwards(_ opened: Opened, _ claimed: ClaimedFile) {
        Task {
            await Urgency.$isUrgent.withValue(false) {
                guard let found = await look(into: opened, claimed) else { return }
                do { try await note(found, of: claimed) } catch {
                    agency.log.notice(
                        "a look was not noted", metadata: ["consignment": "\(claimed.id)", "why": "\(error)"])
                }
            }
        }
    }

    private func note(_ found: Inspection, of claimed: ClaimedFile) async throws {
        let key = ConsignmentKey(.sent, claimed.partner, claimed.id)
        for var duty in try await agency.ledger.owed(.review, about: key) {
            duty.facts["look"] = found.words
            if !found.suggested.isEmpty { duty.facts["suggested"] = found.suggested.joined(separator: " ") }
            try await agency.ledger.append([duty.event(at: agency.clock.now())])
        }
    }
}

extension Inspection {
    /// In a few words, for the facts of a duty.
    fileprivate var words: String {
        switch outcome {
        case .checked: "checked"
        case .partly(let why): "partly: \(why)"
        case .notChecked(let why): "not checked: \(why)"
        }
    }
}

/// The ending of a name, lower case and without its dot; empty if it has none. A name may hold a person's name, its
/// ending does not.
package enum FileEnding {
    package static func of(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), name.distance(from: dot, to: name.endIndex) <= 6 else { return "" }
        let ending = name[name.index(after: dot)...].lowercased()
        return ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? ending : ""
    }

    /// A look into a file by what its name promises.
    package static func look(
        _ look: ContentLook, into file: SharedFile, size: Int64, named name: String
    ) async -> Inspection {
        await look(file, size, MediaType.of(name), of(name))
    }
}
