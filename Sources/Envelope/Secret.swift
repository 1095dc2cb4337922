internal import COpenSSL

/// Key bytes that are cleared when they are done with. They live at one address, so no copy is left behind by a move.
@safe struct Secret: ~Copyable {
    private let start: UnsafeMutableRawPointer
    let count: Int

    /// Zeros, to be filled by `withBytes`.
    init(count: Int) {
        guard let start = unsafe CRYPTO_zalloc(count, nil, 0) else { preconditionFailure("no memory for a key") }
        unsafe self.start = unsafe start
        self.count = count
    }

    /// A fresh random key.
    static func random(count: Int) -> Secret {
        let secret = Secret(count: count)
        let filled = unsafe secret.withBytes { unsafe RAND_priv_bytes($0, Int32(count)) }
        precondition(filled == 1, "OpenSSL has no randomness")
        return secret
    }

    deinit { unsafe CRYPTO_clear_free(start, count, nil, 0) }

    borrowing func withBytes<R>(_ body: (UnsafeMutablePointer<UInt8>) -> R) -> R {
        unsafe body(start.assumingMemoryBound(to: UInt8.self))
    }
}
