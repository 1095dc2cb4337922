internal import Vocabulary

/// Whether all is well, by what status knows: for people, and as an exit code for whatever watches over the machine.
struct Health {
    /// Nil where we may not look, or nobody answers who should.
    let isRunning: Bool?
    /// What is wrong, a sentence each.
    let troubles: [String]

    /// A file that waits for longer is told of, whatever its partner is doing.
    static let patience: Int64 = 86_400

    init(_ report: [String: JSON], at now: Instant) {
        isRunning = report["running"].map(\.isTrue)
        let down = isRunning == false ? ["waybilld is not running."] : []
        let alarms = (report["alarms"]?.members ?? [:]).sorted { $0.key < $1.key }.map {
            "\($0.key): \($0.value.string ?? "")"
        }
        troubles = down + alarms + Self.outbox(report) + Self.waiting(report, now)
    }

    /// 0 well, 1 something is wrong, 3 cannot tell.
    var code: Int32 {
        if !troubles.isEmpty { return 1 }
        return isRunning == nil ? 3 : 0
    }

    private static func outbox(_ report: [String: JSON]) -> [String] {
        let count = report["outboxTroubles"]?.items.count ?? 0
        return count == 0 ? [] : ["\(Words.count(count, "thing is", "things are")) left in the outbox: waybill status"]
    }

    private static func waiting(_ report: [String: JSON], _ now: Instant) -> [String] {
        (report["partners"]?.items ?? []).compactMap { partner in
            let late = (partner["underway"]?.items ?? []).count { item in
                guard let since = item["since"]?.string.flatMap({ try? Instant($0) }) else { return false }
                return since.adding(seconds: patience) < now
            }
            guard late > 0, let id = partner["id"]?.string else { return nil }
            return "\(Words.count(late, "file has", "files have")) waited for more than a day to go to \(id)."
        }
    }
}
