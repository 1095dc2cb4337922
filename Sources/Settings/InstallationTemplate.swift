package import Vocabulary

extension Installation {
    /// The file that `waybill init` writes: what must be said, and the defaults that people change most, as comments.
    package static func template(agency: AgencyID, name: String, listen: HostPort, address: String) -> String {
        """
        # Waybill: settings of this agency. `waybill check` says what is wrong with them, line by line.
        agency: \(agency)
        name: \(quoted(name))
        listen: \(quoted(listen.description))
        \(address.isEmpty ? "# address: waybill.example.gov.uk:8443" : "address: \(quoted(address))")\
          # where partners reach us; goes into our card
        # settle: 2s           how long a dropped file must stand still before it is taken
        # disk-reserve: 256MiB
        # inbox: { collected: moved }          or opened, if people read files where they lie
        # collect: { within: P2D, emergency: PT1H, expires: P30D }
        # retention: { sent: P30D, staging: P7D }    also held: P90D, details: P7Y; without them nothing of these goes
        # groups: { readers: waybill-readers, senders: waybill-senders, officers: waybill-officers }
        # partners: { cleveland-police: { transport: folder, path: /mnt/cleveland-police } }    https is the default
        # timestamps: { authority: "http://timestamp.example.gov.uk/tsa", certificate: timestamp.pem, every: PT1H }

        """
    }

    /// A YAML double-quoted scalar.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\n": "\\n"
            case "\t": "\\t"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
