internal import NIOCore
internal import NIOSSL

/// Mutual TLS 1.3 for both ends.
///
/// BoringSSL's own list of key exchanges stays, because X25519MLKEM768 stands first in it. There is no resumption: our
/// client never offers a session, and every accepted connection has a context of its own, whose ticket key nobody else
/// has, so that a ticket of one opens no other. (SwiftNIO cannot tell BoringSSL to issue none.)
enum MutualTLS {
    /// How long a closing end waits for the other to agree. HTTP frames every body, so nothing hangs on it.
    private static let goodbye = TimeAmount.milliseconds(500)

    /// What the collector offers. Clients must present a certificate; which ones are admitted is decided by
    /// `PeerDirectory` in the verification callback, which replaces BoringSSL's chain building. Made once for each
    /// connection: no file is read.
    static func server(_ ours: TLSCredentials) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(ours.certificate)], privateKey: .privateKey(ours.privateKey))
        configuration.minimumTLSVersion = .tlsv13
        configuration.shutdownTimeout = goodbye
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }

    /// What a courier dials with. BoringSSL checks that the presented certificate is issued by `identity`, is valid now
    /// and may serve TLS; host names play no part. `HTTPSCourier` then checks that it maps to the dialled partner.
    static func client(_ ours: TLSCredentials, identity: NIOSSLCertificate) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.shutdownTimeout = goodbye
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([identity])
        configuration.certificateChain = [.certificate(ours.certificate)]
        configuration.privateKey = .privateKey(ours.privateKey)
        return configuration
    }
}
