internal import Synchronization
package import Vocabulary

/// How things stand at this moment, for `waybill status`: what the ledger does not know because it is not evidence.
package final class Alarms: Sendable {
    /// Something in an outbox that cannot be taken, told in words that a person can act on.
    package struct Trouble: Hashable, Sendable {
        /// `PARTNER/ROUTE`, or another folder below `outbox/`; empty for that itself.
        package let folder: String
        package let partner: AgencyID?
        package let route: RouteName?
        /// Shown only to those who may see the folder.
        package let name: String
        package let why: String

        package init(partner: AgencyID, route: RouteName, name: String, why: String) {
            folder = "\(partner)/\(route)"
            self.partner = partner
            self.route = route
            self.name = name
            self.why = why
        }

        /// In a folder from which nothing is sent.
        init(folder: String, name: String, why: String) {
            self.folder = folder
            partner = nil
            route = nil
            self.name = name
            self.why = why
        }
    }

    private struct State {
        var troubles: [String: [Trouble]] = [:]
        var alarms: [String: String] = [:]
        var waiting: [String: Int] = [:]
        var scans: [Loop: Int] = [:]
        var said: Set<String> = []
    }

    /// A loop that must move for the daemon to be well.
    package enum Loop: Hashable, Sendable { case outbox, urgentOutbox }

    private let state = Mutex(State())

    package init() {}

    /// Replaces what is known of one route.
    func setTroubles(_ troubles: [Trouble], partner: AgencyID, route: RouteName) {
        state.withLock { $0.troubles["\(partner)/\(route)"] = troubles.isEmpty ? nil : troubles }
    }

    /// The same of a folder from which nothing is sent.
    func setTroubles(_ troubles: [Trouble], in folder: String) {
        state.withLock { $0.troubles["outbox/\(folder)"] = troubles.isEmpty ? nil : troubles }
    }

    /// True the first time in this life that something is to be said.
    func isFirst(_ what: String) -> Bool { state.withLock { $0.said.insert(what).inserted } }

    package var troubles: [Trouble] {
        state.withLock { state in state.troubles.keys.sorted().flatMap { state.troubles[$0] ?? [] } }
    }

    /// How many names of a route wait in the outbox, to be complete or to be claimed.
    func setWaiting(_ count: Int, partner: AgencyID, route: RouteName) {
        state.withLock { $0.waiting["\(partner)/\(route)"] = count == 0 ? nil : count }
    }

    /// By `PARTNER/ROUTE`; what has none is left out.
    package var waiting: [String: Int] { state.withLock { $0.waiting } }

    /// Raises or clears an alarm by its name, such as `disk`. Nil clears it.
    package func alarm(_ name: String, _ text: String?) { state.withLock { $0.alarms[name] = text } }
    /// Clears every alarm whose name begins so.
    package func clearAlarms(named prefix: String) {
        state.withLock { state in state.alarms = state.alarms.filter { !$0.key.hasPrefix(prefix) } }
    }
    package var current: [String: String] { state.withLock { $0.alarms } }

    /// The watchdog is fed only while all of these numbers move.
    package func scanned(_ loops: Loop...) {
        state.withLock { state in for loop in loops { state.scans[loop, default: 0] &+= 1 } }
    }
    package var loops: [Loop: Int] { state.withLock { $0.scans } }
    package var scans: Int { loops.values.reduce(0, +) }
}
