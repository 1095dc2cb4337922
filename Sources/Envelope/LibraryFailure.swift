internal import COpenSSL

/// Reads OpenSSL's error queue, which is one per thread: call it in the synchronous function that failed.
enum LibraryFailure {
    /// Empties the queue, so that a later failure is not told with an older reason.
    static func forget() { ERR_clear_error() }

    /// The newest reason as an error of ours. The queue is empty afterwards.
    static func take() -> EnvelopeError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard let text = unsafe ERR_reason_error_string(code) else { return .library("no reason given") }
        return unsafe .library(String(cString: text))
    }
}
