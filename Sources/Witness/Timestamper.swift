package import Envelope
package import Exchange
internal import Folders
internal import Ledger
internal import Logging
package import Transport
package import Vocabulary

/// Gathers time tokens over our checkpoints (RFC 3161). Nothing waits for it: while the authority is away files flow, and
/// one token afterwards covers all that has been written meanwhile.
///
///     checkpoint ─► asked ─► verified ─► kept (on disk)
///
/// A crash before the last step loses a token that nobody had: after the start another is asked for.
package actor Timestamper {
    /// The standing alarm.
    package static let alarm = "time"

    private let agency: Agency
    private let authority: any TimeAuthority
    private let trusted: TimeAuthorities
    private let every: Double
    private let moment: @Sendable (Int64) async throws -> Instant?
    private let boot: @Sendable () -> Double
    private var plan: TimestampPlan?

    /// - Parameters:
    ///   - every: seconds between two tokens, at least.
    ///   - moment: when the entry with this number was written.
    ///   - boot: CLOCK_BOOTTIME in seconds.
    package init(
        agency: Agency, authority: any TimeAuthority, trusted: TimeAuthorities, every: Double,
        moment: @escaping @Sendable (Int64) async throws -> Instant?,
        boot: @escaping @Sendable () -> Double = { Double(BootClock.now()) / 1e9 }
    ) {
        (self.agency, self.authority, self.trusted, self.every) = (agency, authority, trusted, every)
        (self.moment, self.boot) = (moment, boot)
    }

    package func run() async {
        while !Task.isCancelled {
            let pause = await round()
            try? await Task.sleep(for: .seconds(pause))
        }
        await authority.shutdown()
    }

    /// Asks for a token if one is due. Returns the seconds until the next look.
    package func round() async -> Double {
        do {
            var plan: TimestampPlan
            if let known = self.plan { plan = known } else { plan = try await begin() }
            if let pause = plan.pause(at: boot()) {
                self.plan = plan
                return pause
            }
            return await ask(&plan)
        } catch {
            agency.log.error("time tokens cannot be read", metadata: ["why": "\(error)"])
            return 30
        }
    }

    private func begin() async throws -> TimestampPlan {
        let newest = try await agency.ledger.newestTimeToken()
        let age = newest.map { Double(agency.clock.now().milliseconds - $0.at.milliseconds) / 1000 }
        return TimestampPlan(every: every, covered: newest?.size ?? 0, age: age ?? 0, at: boot())
    }

    private func ask(_ plan: inout TimestampPlan) async -> Double {
        defer { self.plan = plan }
        do {
            let note = try SignedNote(kept: Array(try await agency.ledger.checkpoint().utf8))
            let size = try Checkpoint(body: note.body).size
            guard size > plan.covered else {
                plan.foundNothing()
                return plan.look
            }
            try await stamp(note, size)
            let isBack = plan.kept(size, at: boot())
            agency.alarms.alarm(Self.alarm, nil)
            if isBack { agency.log.info("time tokens come again", metadata: ["entries": "\(size)"]) }
        } catch is CancellationError {
            return 0
        } catch {
            await failed(error, &plan)
        }
        return plan.pause(at: boot()) ?? 0
    }

    private func stamp(_ note: SignedNote, _ size: Int64) async throws {
        let request = TimestampRequest(over: Array(note.body.utf8))
        let sent = agency.clock.now()
        let reply = try await authority.stamp(request.der)
        let received = agency.clock.now()
        let token = try trusted.verify(reply: reply, to: request)
        agency.clock.skew.noteAuthority(their: token.time, sent: sent, received: received)
        CrashPoint.beforeTimeTokenKept.pass()
        try await agency.ledger.keep(TimeToken(size: size, at: token.time, note: note.text, token: token.der))
    }

    private func failed(_ error: any Error, _ plan: inout TimestampPlan) async {
        let why = (error as? TryLater)?.explanation ?? "\(error)"
        let after = (error as? TryLater)?.after
        if plan.failed(why, at: boot(), dice: .random(in: 0..<1), after: after) {
            agency.log.warning("no time token; asked again by itself", metadata: ["why": "\(why)"])
        }
        guard let oldest = try? await moment(plan.covered), oldest.adding(seconds: plan.patience) < agency.clock.now()
        else {
            return
        }
        agency.alarms.alarm(
            Self.alarm, "The ledger's entries since \(oldest) have no time token: \(why) Deliveries go on without.")
    }
}
