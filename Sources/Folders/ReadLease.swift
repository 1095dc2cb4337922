internal import Glibc

/// Asks the kernel whether anybody has a file open for writing (fcntl(2), `F_SETLEASE`).
enum ReadLease {
    enum Answer {
        /// Nobody; and until the lease is released nobody can open it for writing without waiting.
        case held
        /// Somebody has it open for writing.
        case writer
        /// The kernel does not say: not our file and no CAP_LEASE, or a file system without leases.
        case unavailable
    }

    /// Whoever opens a leased file makes the kernel send us SIGIO, whose default is to end the process.
    private static let signalIgnored: Void = { _ = signal(SIGIO, SIG_IGN) }()

    static func take(_ file: borrowing FileHandle) -> Answer {
        signalIgnored
        if fcntl(file.descriptor, GNU.setLease, Int32(F_RDLCK)) == 0 { return .held }
        return errno == EAGAIN ? .writer : .unavailable
    }

    /// Releasing what is not held does no harm.
    static func release(_ file: borrowing FileHandle) {
        _ = fcntl(file.descriptor, GNU.setLease, Int32(F_UNLCK))
    }
}
