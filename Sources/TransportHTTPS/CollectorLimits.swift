/// What a collector allows. Each number bounds what one misbehaving partner can hold.
package struct CollectorLimits: Sendable {
    /// Connections in total, whoever they belong to; more wait unaccepted.
    package var connections = 512
    /// Arrivals of one partner at a time; more are answered 503. The desk has closer bounds, which know an emergency
    /// from the rest; this one is above all of them together.
    package var arrivalsPerPartner = 176
    /// Questions about ledgers of one partner at a time; more are answered 503. An answer may be a page of 4 MiB.
    package var questionsPerPartner = 2
    /// From the first byte to a finished handshake.
    package var handshake: Duration = .seconds(10)
    /// How long a connection may rest between requests, or within a body: above any sync of ours, and above the time
    /// for which a courier keeps its connections warm.
    package var idle: Duration = .seconds(300)
    package var minimumRate = MinimumRate()
    /// How long running arrivals may go on when we are stopping.
    package var stopGrace: Duration = .seconds(3)
    /// How long a sender may take to notice that we answered before its body ended.
    package var linger: Duration = .seconds(2)
    /// Bytes of all header fields of a request together.
    package var headers = 16 * 1024

    package init() {}
}
