internal import Envelope
internal import Premises
internal import Vocabulary

/// A fingerprint as people pass it on: 64 hexadecimal digits, perhaps with colons and spaces; or an identity certificate.
enum PinText {
    static func read(_ text: String) throws -> Fingerprint {
        if let pin = fingerprint(text) { return pin }
        do {
            return try Certificate(pem: FileSystem.read(InstalledAgency.absolute(text))).fingerprint
        } catch {
            throw Trouble(
                "\"\(Terminal.clean(text))\" is no fingerprint and no certificate.", why: "\(error)",
                fix: "Give 64 hexadecimal digits (their waybill card --fingerprint), or a PEM file of their identity.")
        }
    }

    static func fingerprint(_ text: String) -> Fingerprint? {
        try? Fingerprint(hex: text.lowercased().filter { $0 != ":" && !$0.isWhitespace })
    }
}
