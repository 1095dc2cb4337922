/// What a collector allows of one connection. How many of these, and how much at a time, is in the `Budget`.
package struct CollectorLimits: Sendable {
    /// From the first byte to a finished handshake.
    package var handshake: Duration = .seconds(3)
    /// From the first byte of a request's head to its last.
    package var head: Duration = .seconds(10)
    /// How long a connection may rest between requests, or within a body: above any sync of ours, and above the time
    /// for which a courier keeps its connections warm.
    package var idle: Duration = .seconds(300)
    package var minimumRate = MinimumRate()
    /// How long running arrivals may go on when we are stopping.
    package var stopGrace: Duration = .seconds(3)
    /// How long a sender may take to notice that we answered before its body ended.
    package var linger: Duration = .seconds(2)
    /// For how long nothing of an answer may leave because the other end does not read.
    package var deaf: Duration = .seconds(60)
    /// Bytes of all header fields of a request together.
    package var headers = 16 * 1024
    /// Bytes of a body that are read before whoever takes it has taken them.
    package var ahead = 128 * 1024

    package init() {}
}
