import Foundation

/// A library that, preloaded, moves the wall clock of one daemon by the seconds that stand in a file, also while it runs.
/// Its boot clock goes on as it does.
struct MovedClock {
    static let compiler: String? = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private let library: String
    private let file: String

    init(in scratch: Scratch) async throws {
        (library, file) = ("\(scratch.path)/moved-clock.so", "\(scratch.path)/moved-clock")
        let source = "\(scratch.path)/moved-clock.c"
        try Data(Self.source.utf8).write(to: URL(fileURLWithPath: source))
        try set(0)
        let built = try await Command.run(
            try Self.compiler ?? { throw Unmet("there is no C compiler") }(),
            ["-shared", "-fPIC", "-O1", "-o", library, source])
        try require(built.code == 0, "the clock was not built: \(built)")
    }

    var environment: [String: String] { ["LD_PRELOAD": library, "MOVED_CLOCK": file] }

    func set(_ seconds: Int64) throws {
        try Data("\(seconds)".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static long moved(void) {
            char text[32] = {0};
            const char *file = getenv("MOVED_CLOCK");
            if (!file) return 0;
            int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC);
            if (fd < 0) return 0;
            long count = syscall(SYS_read, fd, text, sizeof text - 1);
            syscall(SYS_close, fd);
            return count > 0 ? atol(text) : 0;
        }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            long result = syscall(SYS_clock_gettime, clock, now);
            if (!result && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += moved();
            return result;
        }
        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            now->tv_sec = exact.tv_sec;
            now->tv_usec = exact.tv_nsec / 1000;
            return 0;
        }
        time_t time(time_t *there) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            if (there) *there = exact.tv_sec;
            return exact.tv_sec;
        }

        """
}
