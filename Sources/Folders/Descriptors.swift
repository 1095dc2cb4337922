internal import Glibc

/// How many files and connections this process may have open.
package enum Descriptors {
    /// Two folders for each of some ten routes, and connections each way.
    private static let eachPartner = 40
    private static let withoutPartners = 200

    private static func current() -> rlimit {
        var limits = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        return limits
    }

    /// Files and folders are opened below this number (the kernel gives the lowest that is free), so that there is always
    /// one for what cannot do without: Swift's own scheduler looks into `/proc/self/task` once a second under load
    /// (`_dispatch_workq_monitor_pools` in libdispatch) and ends the process by a trap if it cannot open that. What is
    /// above is for connections. Of the limit at the first use: raise it before.
    static let ceiling = Int32(clamping: limit - max(24, limit / 4))
    /// Connections from partners that the rest has room for.
    package static var connections: Int { max(8, min(512, limit / 16)) }

    package static var limit: Int { Int(clamping: current().rlim_cur) }

    /// The soft limit is for programs that use select(2); the hard one is what the administrator grants.
    package static func raiseLimit() {
        var limits = current()
        limits.rlim_cur = limits.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
    }

    /// Nil where `/proc` does not tell.
    package static var open: Int? {
        guard let folder = try? Folder("/proc/self/fd"), let entries = try? folder.entries() else { return nil }
        return entries.count
    }

    /// What is to be said about the limit; nil if it is high enough.
    package static func words(limit: Int, open: Int?, partners: Int) -> String? {
        let fix = "Raise LimitNOFILE= in the unit of waybilld (systemctl edit waybilld), or the hard limit of ulimit -n"
        if let open, open * 10 > limit * 9 {
            return "\(open) of \(limit) descriptors are in use, and what needs one more waits. \(fix)."
        }
        let needed = withoutPartners + partners * eachPartner
        guard limit < needed else { return nil }
        return
            "The limit of descriptors, \(limit), is low for \(partners) partners: about \(needed) may be needed. \(fix)."
    }
}
