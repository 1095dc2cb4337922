internal import COpenSSL

/// Fresh bytes from libcrypto's generator, fit for keys, nonces and salts.
package enum Random {
    package static func bytes(_ n: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: n)
        // Going on without randomness would give away everything sealed from here on.
        precondition(unsafe RAND_bytes(&bytes, Int32(n)) == 1, "OpenSSL has no randomness")
        return bytes
    }
}
