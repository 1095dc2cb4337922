internal import Foundation
internal import Premises

/// Ports of this machine on which nobody listens or talks, as `/proc/net/tcp` tells (proc(5)).
enum DemoPorts {
    /// Below the range from which Linux gives ports to clients.
    private static let range = 20_000..<32_000

    static func free(_ count: Int) throws -> [Int] {
        let used = ["/proc/net/tcp", "/proc/net/tcp6"].reduce(into: Set<Int>()) { $0.formUnion(ports(in: $1)) }
        let free = range.filter { !used.contains($0) }.shuffled().prefix(count)
        guard free.count == count else {
            throw Trouble(
                "No ports are free.", why: "Everything from 20000 to 31999 is in use.", fix: "Try again later.")
        }
        return Array(free)
    }

    /// `   0: 0100007F:4E20 ...`: the second field ends in the local port.
    private static func ports(in path: String) -> [Int] {
        guard let table = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return table.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 1, let port = fields[1].split(separator: ":").last else { return nil }
            return Int(port, radix: 16)
        }
    }
}
