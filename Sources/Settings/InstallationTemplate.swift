internal import Law
package import Vocabulary

extension Installation {
    /// The file that `waybill init` writes: what must be said, and the defaults that people change most, as comments.
    package static func template(
        agency: AgencyID, name: String, listen: HostPort, address: String, contacts: Contacts = Contacts()
    ) -> String {
        """
        # Waybill: settings of this agency. `waybill check` says what is wrong with them, line by line.
        agency: \(agency)
        name: \(YAMLText.quoted(name))
        listen: \(YAMLText.quoted(listen.description))
        \(address.isEmpty ? "# address: waybill.example.gov.uk:8443" : "address: \(YAMLText.quoted(address))")\
          # where partners reach us; goes into our card
        \(told(contacts))
        # settle: 5s           how long a dropped file must stand still before it is taken
        # disk-reserve: 256MiB
        # inbox: { collected: moved }          or opened, if people read files where they lie
        # collect: { within: P2D, emergency: PT15M, expires: P30D }
        # urgent: { run: [/usr/local/bin/ring-the-desk] }   run when an urgent file has come and when nobody takes it
        # retention: { sent: P30D, staging: P7D }    also held: P90D, details: P7Y; without them nothing of these goes
        # groups: { readers: waybill-readers, senders: waybill-senders, officers: waybill-officers }
        # partners:            # https is the default; `rung` is the day on which somebody last answered there
        #   cleveland-police:
        #     { transport: folder, path: /mnt/share, contacts: { out-of-hours: { name: Control room, telephone: 101 } } }
        # licensed-fertility-centre: yes      only with a licence under the HFE Act 1990, whose s.33A then binds you
        # timestamps: { authority: "http://timestamp.example.gov.uk/tsa", certificate: timestamp.pem, every: PT1H }

        """
    }

    /// Whom partners' people and our own ring.
    private static func told(_ contacts: Contacts) -> String {
        let rows = ContactRows.lines(contacts, indent: 0)
        guard rows.isEmpty else { return rows.joined(separator: "\n") }
        return """
            # contacts:            # whom to ring here, named in notes beside held and urgent files
            #   information-governance: { name: Information governance, telephone: 01632 960001, rung: 2026-11-01 }
            #   out-of-hours: { name: Duty desk, telephone: 01632 960002, rung: 2026-11-01 }
            #   technical: { name: ICT service desk, telephone: 01632 960003, rung: 2026-11-01 }
            """
    }
}
