internal import NIOSSL
internal import Synchronization

/// Our own tls-role certificate and its private key, read once into BoringSSL's form.
package struct TLSCredentials: Sendable {
    let certificate: NIOSSLCertificate
    let privateKey: NIOSSLPrivateKey

    /// Why the two cannot be used. Never holds any byte of the key.
    package enum Unusable: Error, Hashable, Sendable {
        /// Not one PEM certificate.
        case certificate
        /// Not one unencrypted PEM private key.
        case privateKey
    }

    /// - Parameters:
    ///   - certificate: one PEM certificate (RFC 7468); the identity that issued it is not sent along.
    ///   - privateKey: one PEM private key, PKCS #8 or SEC 1, unencrypted.
    package init(certificate: [UInt8], privateKey: [UInt8]) throws(Unusable) {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), let leaf = chain.first, chain.count == 1
        else { throw .certificate }
        guard let key = try? NIOSSLPrivateKey(bytes: privateKey, format: .pem) else { throw .privateKey }
        self.certificate = leaf
        self.privateKey = key
    }

    /// Reads both from files; their permissions are the concern of whoever owns the key folder.
    package init(certificateFile: String, privateKeyFile: String) throws(Unusable) {
        guard let chain = try? NIOSSLCertificate.fromPEMFile(certificateFile), let leaf = chain.first, chain.count == 1
        else { throw .certificate }
        guard let key = try? NIOSSLPrivateKey(file: privateKeyFile, format: .pem) else { throw .privateKey }
        self.certificate = leaf
        self.privateKey = key
    }
}

/// The credentials of this moment: whatever handshakes after they were replaced presents the new ones.
package final class TLSKeys: Sendable {
    private let credentials: Mutex<TLSCredentials>

    package init(_ credentials: TLSCredentials) { self.credentials = Mutex(credentials) }

    package var present: TLSCredentials { credentials.withLock { $0 } }

    /// Throws what BoringSSL has against the key: then the former ones stay.
    package func replace(_ fresh: TLSCredentials) throws {
        _ = try MutualTLS.server(fresh)
        credentials.withLock { $0 = fresh }
    }
}
