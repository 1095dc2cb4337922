package import Policy
package import Vocabulary

/// What `waybill.yaml` says, with defaults filled in. Paths are absolute if the folder given to the reader was.
package struct Installation: Hashable, Sendable {
    package var agency: AgencyID
    /// As people know it.
    package var name: String
    package var listen: HostPort
    /// `host:port` at which partners reach this agency; goes into its card. Empty: by folder only.
    package var address: String
    package var folders: InstallationFolders
    package var controlSocket: String
    /// How long a dropped file must stand still before it is taken.
    package var settle: Duration = .seconds(5)
    package var scanInterval: Duration = .seconds(5)
    package var waitingNoteAfter: Duration = .seconds(30)
    package var partSize = PartSize.usual
    /// Consignments under way to one partner.
    package var concurrency = 32
    /// Files below this size take the small lane.
    package var smallFile: Int64 = 16 << 20
    package var retry = Retry()
    /// Below this much free space nothing is claimed and arrivals are put off.
    package var diskReserve: Int64 = 256 << 20
    package var limits = Limits()
    package var retention = Retention()
    package var collect = Collect()
    package var keys = Keys()
    package var groups = Groups()
    package var logLevel = LogLevel.info
    package var admission = Admission.lenient
    package var partners: [AgencyID: PartnerSettings] = [:]
    /// What this agency is that only some laws ask for.
    package var offices: Set<Share.Office> = []
    /// Whom people ring here.
    package var contacts = Contacts()
    package var urgent = Urgent()
    /// Nil: no time authority is asked.
    package var timestamps: TimestampSettings?

    package init(agency: AgencyID, name: String, listen: HostPort, address: String, root: String) {
        self.agency = agency
        self.name = name
        self.listen = listen
        self.address = address
        folders = InstallationFolders(root: root)
        controlSocket = InstallationFolders.path("run/control.sock", in: root)
    }

    /// A partner that the file does not mention is reached by HTTPS at the address of its card.
    package func partner(_ id: AgencyID) -> PartnerSettings { partners[id] ?? PartnerSettings() }

    package struct Retry: Hashable, Sendable {
        package var first: Duration = .seconds(1)
        package var most: Duration = .seconds(300)
        package init() {}
    }

    /// Per partner.
    package struct Limits: Hashable, Sendable {
        package var arrivals = 64
        package var stagedBytes: Int64 = 64 << 30
        package var newIDsPerMinute = 120_000
        /// Bytes a second, below which an arrival is cut off.
        package var minimumRate: Int64 = 2 << 10
        /// What a partner may add to our ledger in an hour.
        package var ledgerBytesPerHour: Int64 = 4 << 30
        /// Files claimed ahead; the rest stay visible in the outbox.
        package var claimsAhead = 1000
        package init() {}
    }

    package struct Retention: Hashable, Sendable {
        package var sent: Duration = .seconds(30 * 86_400)
        package var staging: Duration = .seconds(7 * 86_400)
        /// Files in held/ whose consignment has ended; nil: kept until a person removes them.
        package var held: Duration?
        /// Details of the ledger after the last thing happened to a consignment; nil: never erased by schedule.
        package var details: Period?
        package init() {}
    }

    /// What counts as a received file being collected, and how soon it should be.
    package struct Collect: Hashable, Sendable {
        package enum Sign: String, Hashable, Sendable, CaseIterable {
            /// Moved away or removed.
            case moved
            /// Or opened, by whatever program.
            case opened
        }

        package var sign = Sign.moved
        package var within: Duration = .seconds(2 * 86_400)
        /// An emergency; its sender is told after so long, too.
        package var emergency: Duration = .seconds(900)
        /// Its sender is told after so long.
        package var expires: Duration = .seconds(30 * 86_400)
        package init() {}
    }

    /// What is done about received files that are urgent.
    package struct Urgent: Hashable, Sendable {
        /// A program and its first arguments, run when one has come and when nobody takes it; empty: nothing is run.
        package var run: [String] = []
        package init() {}
    }

    package struct Keys: Hashable, Sendable {
        /// For so long a retired sealing key still opens late arrivals; then it is destroyed.
        package var sealingGrace: Duration = .seconds(30 * 86_400)
        package init() {}
    }

    /// Unix groups; nil leaves ownership alone.
    package struct Groups: Hashable, Sendable {
        package var readers: String?
        package var senders: String?
        package var officers: String?
        package init() {}
    }

    package enum LogLevel: String, Hashable, Sendable, CaseIterable { case trace, debug, info, notice, warning, error }
}

/// `host:port`; the host of an IPv6 address is written in brackets.
package struct HostPort: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        let printable = host.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "/") }
        guard (1...253).contains(host.utf8.count), printable else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
