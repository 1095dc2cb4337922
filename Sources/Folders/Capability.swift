internal import Glibc

/// One of the kernel's privileges (capabilities(7)) of this process. Only the threads that need one have it, for as long
/// as they need it; what we start has none.
package enum Capability: UInt32, Sendable {
    /// Do to any file what its owner may do to its mode and access list.
    case fileOwner = 3
    /// Lease any file.
    case lease = 28

    /// Whether this thread acts with it now.
    package var isInEffect: Bool { Sets.current()?.effective.contains(self) ?? false }

    /// Whether this thread may take it up.
    package var isPermitted: Bool { Sets.current()?.permitted.contains(self) ?? false }

    /// At the very start, while there is one thread: nothing that is started from here on inherits any of our privileges,
    /// and no thread acts with the power over other people's files. Root keeps what root has: it needs none of this.
    ///
    /// - Returns: false if the kernel did not let us.
    @discardableResult
    package static func lowerAtStart() -> Bool {
        guard geteuid() != 0 else { return true }
        guard clearAmbient(), var sets = Sets.current() else { return false }
        sets.inheritable = []
        sets.effective.remove(.fileOwner)
        return sets.apply()
    }

    /// Does `body` with the privilege in effect in this thread, and in no other. `body` must not wait.
    /// - Returns: nil if we do not have it.
    func raised<Result>(_ body: () -> Result) -> Result? {
        guard var sets = Sets.current(), sets.permitted.contains(self) else { return nil }
        let had = sets
        sets.effective.insert(self)
        guard sets.apply() else { return nil }
        // A privilege that cannot be laid down again must not outlive the call: nothing safe is left to do.
        defer { if !had.apply() { abort() } }
        return body()
    }

    /// Whether the process with this id acts with it, or may take it up; nil if `/proc` does not tell.
    package func isHeld(byProcess id: Int32, _ set: HeldSet) -> Bool? {
        guard let folder = try? Folder("/proc/\(id)"), let name = FileName("status"),
            let file = try? FileHandle(name, in: folder, .read), let bytes = try? file.read(16_384, at: 0)
        else { return nil }
        let prefix = set.rawValue + ":\t"
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix(prefix) }
        guard let line, let held = UInt64(line.dropFirst(prefix.count), radix: 16) else { return nil }
        return held & (1 << UInt64(rawValue)) != 0
    }

    /// As `/proc/PID/status` calls them.
    package enum HeldSet: String, Sendable { case effective = "CapEff", permitted = "CapPrm" }

    /// prctl(2): `PR_CAP_AMBIENT`, `PR_CAP_AMBIENT_CLEAR_ALL`. Kernels before 4.3 have no such set.
    private static func clearAmbient() -> Bool {
        typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
        guard let symbol = unsafe dlsym(nil, "prctl") else { return false }
        return unsafe unsafeBitCast(symbol, to: Control.self)(47, 4, 0, 0, 0) == 0 || errno == EINVAL
    }
}

/// The three sets of one thread (capget(2), version 3: two words of 32 for each set).
private struct Sets {
    struct Members: ExpressibleByArrayLiteral {
        var bits: UInt64 = 0

        init(arrayLiteral elements: Capability...) { for element in elements { insert(element) } }
        init(low: UInt32, high: UInt32) { bits = UInt64(high) << 32 | UInt64(low) }

        func contains(_ member: Capability) -> Bool { bits & (1 << UInt64(member.rawValue)) != 0 }
        mutating func insert(_ member: Capability) { bits |= 1 << UInt64(member.rawValue) }
        mutating func remove(_ member: Capability) { bits &= ~(1 << UInt64(member.rawValue)) }
    }

    var effective: Members
    var permitted: Members
    var inheritable: Members

    /// glibc has both functions and no header for them.
    private typealias Call = @convention(c) (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) -> Int32
    private static let version: UInt32 = 0x2008_0522

    static func current() -> Sets? {
        var words = [UInt32](repeating: 0, count: 6)
        guard call("capget", &words) else { return nil }
        return Sets(
            effective: Members(low: words[0], high: words[3]), permitted: Members(low: words[1], high: words[4]),
            inheritable: Members(low: words[2], high: words[5]))
    }

    func apply() -> Bool {
        let sets = [effective, permitted, inheritable].map(\.bits)
        var words = sets.map { UInt32(truncatingIfNeeded: $0) } + sets.map { UInt32($0 >> 32) }
        return Self.call("capset", &words)
    }

    private static func call(_ name: String, _ words: inout [UInt32]) -> Bool {
        // Process 0 is the calling thread.
        var header: [UInt32] = [version, 0]
        guard let symbol = unsafe dlsym(nil, name) else { return false }
        return unsafe unsafeBitCast(symbol, to: Call.self)(&header, &words) == 0
    }
}
