internal import Law
internal import Policy

/// `timestamps: { authority: URL, certificate: FILE, every: PT1H }`: whose time tokens the ledger gathers. Absent: none.
package struct TimestampSettings: Hashable, Sendable {
    /// `http://` or `https://`.
    package var authority: String
    /// PEM with one certificate or more that tokens must lead to.
    package var certificate: String
    /// The least time between two tokens; one covers all entries before it.
    package var every = Duration.seconds(3600)

    init(authority: String, certificate: String) {
        self.authority = authority
        self.certificate = certificate
    }

    /// Nil if the section is absent, or if what it must have is missing or wrong, which is then told.
    static func read(_ top: Section, in root: String) -> TimestampSettings? {
        guard let section = top.section("timestamps") else { return nil }
        defer { section.end() }
        let authority = section.value(
            "authority", "a web address", hint: "write such as http://timestamp.example.gov.uk/tsa"
        ) { isWebAddress($0) ? $0 : nil }
        let every = section.value("every", "a length of time from 1s to P7D", hint: "PT1H suits most") { text in
            LengthOfTime.read(text).flatMap { (.seconds(1) ... .seconds(7 * 86_400)).contains($0) ? $0 : nil }
        }
        let required = section.required("authority", authority, hint: "name the address of the time authority")
        let certificate = section.required(
            "certificate", section.text("certificate"), hint: "name the file with the authority's certificate in PEM")
        guard let required, let certificate else { return nil }
        var settings = TimestampSettings(
            authority: required, certificate: InstallationFolders.path(certificate, in: root))
        Assign.set(every, &settings.every)
        return settings
    }

    /// http or https, a host, perhaps a port and a path; no account, no fragment.
    private static func isWebAddress(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix), text.utf8.count <= 1000,
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") })
        else { return false }
        let place = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        guard !place.contains("@") else { return false }
        return HostPort(String(place)) != nil || HostPort("\(place):80") != nil
    }
}
