internal import Glibc

/// One run of a program that is not trusted: without a shell, with a session of its own, one environment variable, its
/// standard input one open file, its errors thrown away, and no other descriptor of this process.
///
/// Not swift-subprocess: that ends when everybody who holds the output has closed it, which a process that ran away never
/// does. Here the time limit holds whatever the other side does.
package struct Subprocess {
    /// `Stop` is the caller's reason to end it.
    package enum Ending<Stop: Hashable & Sendable>: Hashable, Sendable {
        case exited(Int32)
        /// By this signal, which was not ours.
        case signalled(Int32)
        case stopped(Stop)
        /// It printed more than it may.
        case tooMuch
    }

    private let process: pid_t
    private let output: Int32

    /// `posix_spawn_file_actions_addclosefrom_np` and `..._addchdir_np` (glibc 2.34), which Swift's Glibc does not import.
    private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    private typealias ChangeFolder =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, UnsafePointer<CChar>) -> Int32
    /// `spawn.h`, hidden behind _GNU_SOURCE.
    private static let newSession: Int16 = 0x80

    /// Begins the run. `input` stays the caller's.
    ///
    /// - Parameter wall: around the program and whatever it starts; nil: it may reach what this process may.
    /// - Returns: nil if the program cannot be started, or the wall cannot be built.
    package init?(_ arguments: [String], input: borrowing FileHandle, inside wall: FileWall? = nil) {
        guard let (reading, writing) = Self.pipe() else { return nil }
        defer { close(writing) }
        guard let process = Self.spawn(arguments, input.descriptor, writing, wall) else {
            close(reading)
            return nil
        }
        self.process = process
        output = reading
    }

    /// Hands over what it prints, at most `limit` bytes, until it ends or must end. Afterwards no process of its session
    /// is left, and none of its process identifiers is kept.
    ///
    /// - Parameter stop: asked every 50 ms at least; why it must end, if it must.
    package consuming func read<Stop>(
        limit: Int, until stop: () -> Stop?, _ take: (Span<UInt8>) -> Void
    ) -> Ending<Stop> {
        var ending = drain(limit, stop, take)
        close(output)
        while ending == nil {
            if Self.hasEnded(process) { break }
            if let stop = stop() { ending = .stopped(stop) } else { usleep(2_000) }
        }
        // The leader is dead or about to be, but not yet waited for: its number is still that of the whole group.
        kill(-process, SIGKILL)
        kill(process, SIGKILL)
        let natural: Ending<Stop> = Self.wait(process)
        return ending ?? natural
    }

    /// - Returns: nil at the end of its output.
    private func drain<Stop>(_ limit: Int, _ stop: () -> Stop?, _ take: (Span<UInt8>) -> Void) -> Ending<Stop>? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var left = limit
        while true {
            if let stop = stop() { return .stopped(stop) }
            var wish = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&wish, 1, 50) > 0 else { continue }
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(output, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return nil }
            take(buffer.span.extracting(0..<min(count, left)))
            if count > left { return .tooMuch }
            left -= count
        }
    }

    private static func hasEnded(_ process: pid_t) -> Bool {
        var info = unsafe siginfo_t()
        let found = unsafe waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT)
        return unsafe found != 0 || info.si_signo == SIGCHLD
    }

    private static func wait<Stop>(_ process: pid_t) -> Ending<Stop> {
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            // Nobody else waits for it, so this does not happen; but then it is no success.
            if errno != EINTR { return .exited(-1) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    private static func pipe() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// What is started inherits the wall of the thread that starts it.
    private static func spawn(
        _ arguments: [String], _ input: Int32, _ output: Int32, _ wall: FileWall?
    ) -> pid_t? {
        guard let wall else { return spawn(arguments, input, output) }
        var process: pid_t?
        let ran = OwnThread.run { if wall.enter(reading: input) { process = spawn(arguments, input, output) } }
        return ran ? process : nil
    }

    private static func spawn(_ arguments: [String], _ input: Int32, _ output: Int32) -> pid_t? {
        guard let program = arguments.first,
            let closeFrom = unsafe dlsym(nil, "posix_spawn_file_actions_addclosefrom_np"),
            let changeFolder = unsafe dlsym(nil, "posix_spawn_file_actions_addchdir_np")
        else { return nil }
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        guard unsafe unsafeBitCast(closeFrom, to: CloseFrom.self)(&actions, 3) == 0,
            unsafe unsafeBitCast(changeFolder, to: ChangeFolder.self)(&actions, "/") == 0
        else { return nil }
        setSignals(&attributes)
        var process: pid_t = 0
        return unsafe withCStrings(arguments) { arguments in
            // bsdtar asks the locale how names are written.
            unsafe withCStrings(["LC_ALL=C.UTF-8"]) { environment in
                unsafe posix_spawn(&process, program, &actions, &attributes, arguments, environment) == 0
            }
        } ? process : nil
    }

    /// A session of its own, and signals as if nobody had touched them: this process ignores SIGPIPE.
    private static func setSignals(_ attributes: inout posix_spawnattr_t) {
        var all = sigset_t()
        var none = sigset_t()
        unsafe sigfillset(&all)
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        let flags = Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | newSession
        unsafe posix_spawnattr_setflags(&attributes, flags)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("an array with a terminator is not empty") }
            return unsafe body(base)
        }
    }
}

extension Subprocess {
    package static func isProgram(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }
}
