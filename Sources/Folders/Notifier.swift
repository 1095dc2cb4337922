internal import Glibc

/// Tells systemd how the daemon is (sd_notify(3)): a datagram to the socket that it names in the environment.
package struct Notifier: Sendable {
    package enum State: Sendable {
        case ready, stopping, watchdog
        case status(String)
        /// The start, or the end, takes so much longer yet: systemd is to wait.
        case extendTimeout(seconds: Int)

        var line: String {
            switch self {
            case .ready: "READY=1"
            case .stopping: "STOPPING=1"
            case .watchdog: "WATCHDOG=1"
            case .extendTimeout(let seconds): "EXTEND_TIMEOUT_USEC=\(seconds)000000"
            case .status(let text): "STATUS=" + text.filter { !$0.isNewline }
            }
        }
    }

    /// A path, or a name in the abstract space with `@` in front.
    private let socketName: [UInt8]

    /// Nil if nobody wants to be told.
    package init?(environment: [String: String]) {
        guard let name = environment["NOTIFY_SOCKET"] else { return nil }
        self.init(socketName: name)
    }

    package init?(socketName name: String) {
        let first = name.utf8.first
        guard first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), (2...107).contains(name.utf8.count) else {
            return nil
        }
        socketName = Array(name.utf8)
    }

    /// Sends, never waits. Whether it arrived is systemd's business: false is worth one log line, no more.
    @discardableResult
    package func tell(_ states: State...) -> Bool {
        let message = Array(states.map(\.line).joined(separator: "\n").utf8)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = socketName.first == UInt8(ascii: "@")
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            unsafe path.copyBytes(from: isAbstract ? [0] + socketName.dropFirst() : socketName)
        }
        // A path ends with a NUL; an abstract name ends where the length says.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + socketName.count + (isAbstract ? 0 : 1))
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { rebound in
                unsafe sendto(descriptor, message, message.count, Int32(MSG_DONTWAIT), rebound, length)
            }
        }
        return sent == message.count
    }
}
