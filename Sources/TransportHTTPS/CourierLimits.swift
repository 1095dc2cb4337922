/// How a courier dials one partner.
package struct CourierLimits: Sendable {
    /// Connections to this partner at a time. More requests than that wait for one, at most for `connect`.
    package var connections = 16
    package var connect: Duration = .seconds(10)
    /// From the end of our request to the answer: the partner may have a long file to sync.
    package var answer: Duration = .seconds(120)
    /// Without a byte leaving, while the partner's disk makes us wait.
    package var write: Duration = .seconds(120)
    /// For how long an unused connection is kept warm: below the partner's `CollectorLimits.idle`.
    package var keepWarm: Duration = .seconds(240)
    /// Chunks of 64 KiB handed to the network layer and not yet taken: measured, 32 run at full speed (2 MiB); fewer are slower.
    package var window = 32
    /// Bytes of plaintext up to which a consignment is sent as one buffer.
    package var small: Int64 = 128 * 1024

    /// What differs for urgent files.
    package var urgent = UrgentLimits()

    package init() {}
}

/// How a courier dials for an urgent file. Its connections are its own, so that one is always free; and one that has gone
/// deaf, as when a firewall on the way has forgotten it, is left after seconds, where others wait for minutes.
package struct UrgentLimits: Sendable {
    package var connections = 16
    package var connect: Duration = .seconds(5)
    /// Nothing moves for so long: no byte that leaves, and no answer after the last.
    package var silence: Duration = .seconds(10)
    /// Twice as long after each request given up, up to this: a partner whose disk is so slow must be able to answer.
    package var longestSilence: Duration = .seconds(40)
    /// Bytes a second that any partner's disk syncs: the larger the file, the longer its answer may take.
    package var syncRate: Int64 = 8 << 20
    /// Short, because the longer a connection rests, the likelier it is that nothing comes through any more.
    package var keepWarm: Duration = .seconds(20)

    package init() {}
}
