internal import COpenSSL
internal import FoundationEssentials

/// The text form of DER (RFC 7468).
enum PEM {
    /// The first block of this label, or nil.
    static func decode(_ text: [UInt8], label: String) -> [UInt8]? {
        defer { LibraryFailure.forget() }
        var der = [UInt8](repeating: 0, count: text.count)
        let count = unsafe waybill_pem_to_der(label, text, Int32(clamping: text.count), &der, der.count)
        return count > 0 ? Array(der.prefix(count)) : nil
    }

    static func encode(_ der: [UInt8], label: String) -> String {
        let body = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(body)\n-----END \(label)-----\n"
    }
}
