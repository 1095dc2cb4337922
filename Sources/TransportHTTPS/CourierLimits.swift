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

    package init() {}
}
