internal import AsyncHTTPClient
internal import NIOCore
internal import NIOSSL
internal import Transport
internal import Vocabulary

/// How connections to one partner are made, and what is checked of whoever answers.
struct Dialling: Sendable {
    let partner: AgencyID
    let directory: any PeerDirectory
    let limits: CourierLimits

    func configuration(_ tls: TLSConfiguration, isUrgent: Bool) -> HTTPClient.Configuration {
        let urgent = limits.urgent
        var pool = HTTPClient.Configuration.ConnectionPool(
            idleTimeout: TimeAmount(isUrgent ? urgent.keepWarm : limits.keepWarm),
            concurrentHTTP1ConnectionsPerHostSoftLimit: isUrgent ? urgent.connections : limits.connections)
        // Retrying is the dispatcher's: it must see the first failure and its reason.
        pool.retryConnectionEstablishment = false
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(
                connect: TimeAmount(isUrgent ? urgent.connect : limits.connect), read: TimeAmount(limits.answer),
                write: TimeAmount(limits.write)),
            connectionPool: pool, proxy: nil, decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.http1_1ConnectionDebugInitializer = { channel in
            let checked = requirePeer(on: channel)
            return isUrgent ? checked.flatMap { DeafConnection.endSoon(channel) } : checked
        }
        return configuration
    }

    /// Runs after the handshake and before the connection is used.
    private func requirePeer(on channel: any Channel) -> EventLoopFuture<Void> {
        let checked = channel.nioSSL_peerCertificate().flatMapThrowing { leaf in
            let der = try leaf?.toDERBytes() ?? []
            guard directory.peer(presenting: der) == partner else { throw WrongPeer() }
        }
        checked.whenFailure { _ in channel.close(promise: nil) }
        return checked
    }
}
