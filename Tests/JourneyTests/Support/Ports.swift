import Foundation
import Glibc
import Synchronization

/// Ports on 127.0.0.1 that are free now, below those that the system gives to outgoing connections.
enum Ports {
    private static let next = Atomic<Int>(Int.random(in: 0..<12_000))

    static func free() throws -> Int {
        for _ in 0..<200 {
            let port = 20_000 + next.add(1, ordering: .relaxed).newValue % 12_000
            if isFree(port) { return port }
        }
        throw Unmet("no port is free")
    }

    private static func isFree(_ port: Int) -> Bool {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket, $0, size) == 0 }
        }
    }
}
