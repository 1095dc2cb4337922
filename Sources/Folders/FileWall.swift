internal import Glibc

/// What a program may reach in the file system, whoever runs it: Landlock (landlock(7), Linux 5.13), which a thread sets up
/// for itself and for all that it starts, for ever. Whatever stands here not can be neither read nor listed, written, made,
/// removed, renamed nor run. Modes and times of files are not its business.
package struct FileWall: Sendable {
    /// Files and folders that may be read, listed and run.
    package let readable: [String]
    /// Files that may be written as well, themselves or below a folder.
    package let writable: [String]

    package init(readable: [String], writable: [String]) {
        (self.readable, self.writable) = (readable, writable)
    }

    /// Of the kernel's interface; 0 where it has none, or the service manager does not let us ask.
    package static let version: Int = max(0, Call.createRuleset(0, 0, 1))

    /// With one more file that may be run.
    package func letting(run program: String) -> FileWall {
        FileWall(readable: readable + [program], writable: writable)
    }

    /// Around the calling thread and what it starts. There is no way back.
    ///
    /// - Parameter input: an open file that may be opened anew for reading, as `/dev/stdin` does.
    /// - Returns: false if the kernel does not do it: then nothing is shut off.
    func enter(reading input: Int32) -> Bool {
        guard Self.version > 0, Call.noNewPrivileges(), let rules = Rules() else { return false }
        for path in readable { rules.add(path, [.read, .list, .run]) }
        rules.add(input, [.read])
        for path in writable { rules.add(path, [.read, .list, .write, .shorten]) }
        return rules.apply()
    }

    /// Bits of `landlock_ruleset_attr.handled_access_fs`, in the order in which kernels learnt them.
    fileprivate struct Access: OptionSet {
        let rawValue: UInt64
        static let run = Access(rawValue: 1 << 0)
        static let write = Access(rawValue: 1 << 1)
        static let read = Access(rawValue: 1 << 2)
        static let list = Access(rawValue: 1 << 3)
        static let shorten = Access(rawValue: 1 << 14)

        /// All that a kernel with this version knows of files: 13 at first, then renaming between folders, shortening, and
        /// (version 5) orders to devices.
        static func known(to version: Int) -> Access {
            let count = version >= 5 ? 16 : 12 + min(version, 3)
            return Access(rawValue: (1 << UInt64(count)) - 1)
        }
        /// What a rule for a file, and not for a folder, may have.
        static let ofFiles: Access = [.run, .write, .read, .shorten]
    }

    private final class Rules {
        private let descriptor: Int32
        private let handled = Access.known(to: version)

        init?() {
            let wish = [handled.rawValue]
            descriptor = Int32(
                unsafe wish.withUnsafeBytes { Call.createRuleset(Int(bitPattern: $0.baseAddress), 8, 0) })
            guard descriptor >= 0 else { return nil }
        }

        deinit { close(descriptor) }

        /// O_PATH, which Swift's Glibc does not import.
        private static let place: Int32 = 0o10000000

        /// A path that is not there allows nothing.
        func add(_ path: String, _ access: Access) {
            let place = unsafe open(path, Self.place | O_CLOEXEC)
            guard place >= 0 else { return }
            defer { close(place) }
            add(place, access)
        }

        func add(_ place: Int32, _ access: Access) {
            var facts = stat()
            guard unsafe fstat(place, &facts) == 0 else { return }
            let isFolder = facts.st_mode & S_IFMT == S_IFDIR
            Call.addRule(
                descriptor, place, (isFolder ? access : access.intersection(.ofFiles)).intersection(handled).rawValue)
        }

        func apply() -> Bool { Call.restrictSelf(descriptor) }
    }

    /// glibc has no functions for these calls; `syscall` takes them by number, the same on every architecture.
    private enum Call {
        private typealias System = @convention(c) (Int, Int, Int, Int, Int) -> Int
        private typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32

        private static func system(_ number: Int, _ a: Int, _ b: Int, _ c: Int) -> Int {
            guard let symbol = unsafe dlsym(nil, "syscall") else { return -1 }
            return unsafe unsafeBitCast(symbol, to: System.self)(number, a, b, c, 0)
        }

        static func createRuleset(_ attributes: Int, _ size: Int, _ flags: Int) -> Int {
            system(444, attributes, size, flags)
        }

        /// `LANDLOCK_RULE_PATH_BENEATH`; its attribute is packed: eight bytes of access, four of the descriptor.
        static func addRule(_ ruleset: Int32, _ place: Int32, _ access: UInt64) {
            let words = [UInt32(truncatingIfNeeded: access), UInt32(access >> 32), UInt32(bitPattern: place)]
            _ = unsafe words.withUnsafeBytes { system(445, Int(ruleset), 1, Int(bitPattern: $0.baseAddress)) }
        }

        static func restrictSelf(_ ruleset: Int32) -> Bool { system(446, Int(ruleset), 0, 0) == 0 }

        /// prctl(2), `PR_SET_NO_NEW_PRIVS`: of this thread.
        static func noNewPrivileges() -> Bool {
            guard let symbol = unsafe dlsym(nil, "prctl") else { return false }
            return unsafe unsafeBitCast(symbol, to: Control.self)(38, 1, 0, 0, 0) == 0
        }
    }
}

/// A thread for one piece of work that changes its thread for ever, and is gone afterwards.
enum OwnThread {
    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Waits for it. False if there was no thread to be had.
    static func run(_ body: () -> Void) -> Bool {
        withoutActuallyEscaping(body) { body in
            var thread = pthread_t()
            let work = unsafe Unmanaged.passRetained(Work(body))
            let failed = unsafe pthread_create(
                &thread, nil,
                { work in
                    guard let work = unsafe work else { return nil }
                    unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
            guard failed == 0 else {
                unsafe work.release()
                return false
            }
            pthread_join(thread, nil)
            return true
        }
    }
}
