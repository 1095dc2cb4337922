internal import COpenSSL

/// An algorithm of libcrypto's, fetched once and kept for the life of the process.
@safe struct Algorithm: Sendable {
    /// Immutable and reference-counted in libcrypto, so any thread may use it.
    nonisolated(unsafe) let raw: OpaquePointer

    static func digest(_ name: String) -> Algorithm { unsafe Algorithm(EVP_MD_fetch(nil, name, nil), name) }
    static func cipher(_ name: String) -> Algorithm { unsafe Algorithm(EVP_CIPHER_fetch(nil, name, nil), name) }

    private init(_ raw: OpaquePointer?, _ name: String) {
        guard let raw = unsafe raw else { preconditionFailure("this OpenSSL has no \(name)") }
        unsafe self.raw = unsafe raw
    }
}
