internal import AsyncHTTPClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Transport

/// The partner's certificate is valid under the pinned identity but is not the dialled partner's for TLS.
struct WrongPeer: Error {}

/// Says in words of ours what kept a request from being answered.
enum DialFailure {
    static func tryLater(_ error: any Error) -> TryLater {
        switch error {
        case is WrongPeer:
            TryLater(.notTrusted, "What answers is not this partner or uses a retired certificate; ask for a new card.")
        case NIOSSLError.handshakeFailed(let failure): handshake(failure)
        case is NIOSSLError, is BoringSSLError: notTrustedByThem
        case let error as HTTPClientError: client(error)
        case is ResponseAccumulator.ResponseTooBigError:
            TryLater(.misunderstood, "The partner's answer is larger than any statement; compare versions.")
        case is NIOConnectionError, is IOError, is ChannelError:
            TryLater(.unreachable, "Nothing answers at the partner's address; check it, the network and firewalls.")
        case is SilenceWatch.Silent:
            TryLater(.timedOut, "Nothing moved on the connection to the partner; a new one is made.")
        case is CancellationError: stopped
        default: TryLater(.unreachable, "The connection to the partner broke.")
        }
    }

    static let stopped = TryLater(.ours, "This end is stopping; it goes on after the next start.")

    private static let notTrustedByThem = TryLater(
        .notTrusted, "The partner closes the connection on seeing our certificate; send them our newest card.")

    private static func handshake(_ failure: BoringSSLError) -> TryLater {
        guard "\(failure)".contains("CERTIFICATE_VERIFY_FAILED") else {
            return TryLater(
                .notTrusted,
                "The partner broke off the TLS 1.3 handshake: it may be restarting; if it lasts, check both ends' versions."
            )
        }
        return TryLater(
            .notTrusted,
            "The partner's certificate is not valid under the identity that we pinned; ask them for a new card.")
    }

    private static func client(_ error: HTTPClientError) -> TryLater {
        switch error {
        case .connectTimeout, .tlsHandshakeTimeout:
            TryLater(.unreachable, "Nothing answers in time at the partner's address; check it and the network.")
        case .getConnectionFromPoolTimeout: TryLater(.busy, "All our connections to the partner are in use.")
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            TryLater(.timedOut, "The partner took too long.")
        case .cancelled, .alreadyShutdown: stopped
        default: TryLater(.unreachable, "The connection to the partner closed before it answered.")
        }
    }
}
