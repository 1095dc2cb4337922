/// Who says what time it is (RFC 3161). Reached by any road; what it answers proves itself or is not kept.
package protocol TimeAuthority: Sendable {
    /// - Parameter request: TimeStampReq, DER.
    /// - Returns: TimeStampResp as it came, at most 64 KiB, unverified.
    func stamp(_ request: [UInt8]) async throws(TryLater) -> [UInt8]
    func shutdown() async
}
