internal import Foundation

/// Unicode forms. The one file that imports Foundation: the standard library has normalisation only underscored.
extension SafeName {
    /// Normalization Form C (UAX #15): letters and their marks composed where Unicode can.
    package static func nfc(_ text: String) -> String { text.precomposedStringWithCanonicalMapping }

    /// Names with equal keys cannot lie in one folder as Windows and macOS clients see it: composed, without case.
    ///
    /// Upper and then lower case is coarser than Windows (it takes `ß` for `ss`): it may keep apart two names that could
    /// have stood together, never the reverse.
    package static func clashKey(_ name: String) -> [UInt8] {
        Array(nfc(nfc(name).uppercased().lowercased()).utf8)
    }
}
