package import Envelope
package import Exchange
internal import Logging
package import Settings
internal import TransportHTTPS
package import Vocabulary
package import Witness

/// The time authority as the settings name it.
package struct TimeAuthoritySettings: Sendable {
    package let settings: TimestampSettings?

    package init(_ premises: InstalledAgency) { settings = premises.settings.timestamps }

    /// The certificates that tokens must lead to; nil where no authority is configured.
    package func trusted() throws -> TimeAuthorities? {
        guard let settings else { return nil }
        do {
            return try TimeAuthorities(pem: FileSystem.read(settings.certificate, atMost: TimeAuthorities.limit))
        } catch {
            throw Trouble(
                "The time authority's certificate cannot be used.", why: "\(settings.certificate): \(error)",
                fix: "Put the authority's certificate there in PEM, readable by the daemon; then restart it.")
        }
    }

    /// Nil where no authority is configured. Trouble with its certificate is an alarm and stops nothing else.
    package func timestamper(
        _ agency: Agency, _ moment: @escaping @Sendable (Int64) async throws -> Instant?
    ) -> Timestamper? {
        do {
            guard let settings, let trusted = try trusted() else { return nil }
            return Timestamper(
                agency: agency, authority: HTTPTimeAuthority(url: settings.authority), trusted: trusted,
                every: settings.every.inSeconds, moment: moment)
        } catch {
            let why = (error as? Trouble).map { "\($0.what) \($0.why). \($0.fix)" } ?? "\(error)"
            agency.alarms.alarm(Timestamper.alarm, why)
            agency.log.error("no time tokens are asked for", metadata: ["why": "\(why)"])
            return nil
        }
    }
}
