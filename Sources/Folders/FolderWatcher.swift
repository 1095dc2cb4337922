internal import Glibc
internal import NIOPosix
internal import Synchronization

/// Watches folders with inotify, on a thread of its own, and tells what happens in batches.
///
/// Stops when `stop()` is called or when nobody holds it any more.
package final class FolderWatcher: Sendable {
    /// What has happened since the last look, in the order of the kernel; ends after `stop()`. For one reader.
    package let hints: HintBatches

    private let core: WatcherCore

    /// - Throws: when the machine has no inotify instance left (`.other(EMFILE)`): scan without hints.
    package init() throws(FileTrouble) {
        hints = HintBatches()
        let core = try WatcherCore(hints)
        self.core = core
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        thread.submit { _ in
            core.run()
            thread.shutdownGracefully { _ in }
        }
    }

    deinit { core.stop() }

    /// Which hints a folder is watched for.
    package enum Interest: Sendable { case arrivals, departures, departuresAndOpenings }

    /// Watches one more folder. Its hints carry `id`.
    /// - Returns: nil, or why it cannot be watched (`.full`: fs.inotify.max_user_watches is used up); scans go on.
    package func watch(_ folder: Folder, id: Int, for interest: Interest = .arrivals) -> FileTrouble? {
        core.watch(folder, id: id, for: interest)
    }

    /// Ends the thread and the stream.
    package func stop() { core.stop() }
}

/// The descriptors and the loop, apart from the watcher, so that the loop does not keep the watcher alive.
private final class WatcherCore: Sendable {
    private let inotify: Int32
    /// A byte written to the second ends the loop, which polls the first.
    private let ends: (Int32, Int32)
    private let ids = Mutex<[Int32: (id: Int, interest: FolderWatcher.Interest)]>([:])
    private let hints: HintBatches

    init(_ hints: HintBatches) throws(FileTrouble) {
        self.hints = hints
        let inotify = try systemCall("watch folders") { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) }
        var pair: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &pair) == 0 else {
            let error = errno
            close(inotify)
            throw FileTrouble("watch folders", errno: error)
        }
        self.inotify = inotify
        ends = (pair[0], pair[1])
    }

    deinit {
        close(inotify)
        close(ends.0)
        close(ends.1)
    }

    func watch(_ folder: Folder, id: Int, for interest: FolderWatcher.Interest) -> FileTrouble? {
        // Through the descriptor: the very folder that is scanned, whatever its path leads to by now. Not inside the lock, which
        // all other folders' hints need.
        let path = "/proc/self/fd/\(folder.descriptor)"
        let watch = unsafe inotify_add_watch(inotify, path, InotifyEvent.mask(interest))
        guard watch >= 0 else { return FileTrouble("watch a folder", errno: errno) }
        ids.withLock { $0[watch] = (id, interest) }
        return nil
    }

    func stop() { _ = unsafe write(ends.1, [1], 1) }

    func run() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var renames = RenamesInside()
        while waitForEvents() {
            let count = unsafe read(inotify, &buffer, buffer.count)
            guard count > 0 else { continue }
            hints.add(InotifyEvent.parse(buffer[..<count]).compactMap { hint($0, &renames) })
        }
        hints.finish()
    }

    /// False once `stop()` was called.
    private func waitForEvents() -> Bool {
        var polled = [
            pollfd(fd: inotify, events: Int16(POLLIN), revents: 0),
            pollfd(fd: ends.0, events: Int16(POLLIN), revents: 0),
        ]
        _ = unsafe poll(&polled, nfds_t(polled.count), -1)
        return polled[1].revents == 0
    }

    private func hint(_ event: InotifyEvent, _ renames: inout RenamesInside) -> FolderHint? {
        guard let kind = event.kind else { return nil }
        if kind == .overflow {
            renames.lostEvents()
            return .overflow
        }
        guard let (id, interest) = ids.withLock({ $0[event.watch] }) else { return nil }
        guard interest == .arrivals else { return FolderHint(folder: id, name: event.name, kind: kind) }
        return renames.judge(event, kind).map { FolderHint(folder: id, name: event.name, kind: $0) }
    }
}
