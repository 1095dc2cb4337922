internal import Glibc

/// How this process uses memory.
package enum Memory {
    private typealias Mallopt = @convention(c) (Int32, Int32) -> Int32
    /// `malloc.h`: M_ARENA_MAX.
    private static let arenaMax: Int32 = -8

    /// Lets threads share two heaps. With one for each of the threads that seal, open and write parts, every heap keeps
    /// the largest parts it ever held: measured, some 5 MiB more at the peak and nothing gained in speed.
    ///
    /// Swift's Glibc does not import mallopt(3); where it is missing nothing changes.
    package static func shareHeaps() {
        guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
        _ = unsafe unsafeBitCast(symbol, to: Mallopt.self)(arenaMax, 2)
    }
}
