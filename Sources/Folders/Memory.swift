internal import Glibc

/// How this process uses memory.
package enum Memory {
    private typealias Mallopt = @convention(c) (Int32, Int32) -> Int32
    /// `malloc.h`: M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD.
    private static let (arenaMax, mapThreshold, trimThreshold): (Int32, Int32, Int32) = (-8, -3, -1)

    /// What is larger than any usual part goes back to the kernel at once: how much memory the daemon keeps must not depend on
    /// the part size that a partner chooses (a part may have 16 MiB).
    private static let mappedAbove: Int32 = 4 << 20

    /// Lets threads share two heaps. With one for each of the threads that seal, open and write parts, every heap keeps
    /// the largest parts it ever held: measured, some 5 MiB more at the peak and nothing gained in speed. And lets the
    /// heaps keep what they have, which is bounded by the parts in flight: giving the memory of each part back to the
    /// kernel and asking for it again took a third of the recipient's time.
    ///
    /// Swift's Glibc does not import mallopt(3); where it is missing nothing changes.
    package static func shareHeaps() {
        guard let symbol = unsafe dlsym(nil, "mallopt") else { return }
        let set = unsafe unsafeBitCast(symbol, to: Mallopt.self)
        _ = set(arenaMax, 2)
        _ = set(mapThreshold, mappedAbove)
        _ = set(trimThreshold, 64 << 20)
    }
}
