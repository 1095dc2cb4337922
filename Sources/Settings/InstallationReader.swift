package import Law
internal import Policy
internal import Vocabulary

/// `waybill.yaml` -> `Installation`.
package enum InstallationReader {
    /// - Parameters:
    ///   - bytes: The file.
    ///   - file: Its name, for messages.
    ///   - folder: The folder it lies in, absolute: relative paths start there.
    package static func read(_ bytes: [UInt8], file: String, folder: String) -> Reading<Installation> {
        let log = ProblemLog(file: file)
        guard let top = Document.open(bytes, log: log) else { return log.reading(nil) }
        let installation = read(top, folder: folder)
        top.end()
        return log.reading(installation)
    }

    private static func read(_ top: Section, folder: String) -> Installation? {
        let agency = top.required("agency", top.agency("agency"), hint: "add a line such as `agency: hartlepool`")
        let name = top.required("name", name(top))
        let listen = top.required("listen", endpoint(top, "listen"), hint: "add a line such as `listen: 0.0.0.0:8443`")
        let address = endpoint(top, "address")?.description ?? ""
        let moved = top.section("folders")
        let root = InstallationFolders.path(moved?.text("root") ?? folder, in: folder)
        // Where a line above is wrong, another agency's stands in, so that the rest of the file is read too; the
        // result is then thrown away.
        guard let agency = agency ?? (try? AgencyID("unnamed")) else { return nil }
        var installation = Installation(
            agency: agency, name: name ?? "", listen: listen ?? HostPort(host: "", port: 0), address: address,
            root: root)
        if let moved { folders(moved, root, &installation.folders) }
        simple(top, &installation)
        groups(top, root, &installation)
        installation.contacts = ContactRows.read(top)
        let licensed = top.value(Share.Office.licensedFertilityCentre.rawValue, "yes or no", hint: "without quotes") {
            ["yes": true, "true": true, "no": false, "false": false][$0]
        }
        if licensed ?? false { installation.offices.insert(.licensedFertilityCentre) }
        partners(top, root, &installation)
        installation.timestamps = TimestampSettings.read(top, in: root)
        return installation
    }

    private static func name(_ top: Section) -> String? {
        guard let name = top.text("name") else { return nil }
        if (1...200).contains(name.utf8.count), PlainText.fault(in: name, .line) == nil { return name }
        top.log.error("\"name\" must have 1 to 200 bytes on one line", hint: "shorten it", at: top.mark(of: "name"))
        return nil
    }

    private static func endpoint(_ section: Section, _ key: String) -> HostPort? {
        section.value(key, "host:port", hint: "write such as 0.0.0.0:8443 or waybill.example.gov.uk:8443") {
            HostPort($0)
        }
    }

    private static func folders(_ section: Section, _ root: String, _ folders: inout InstallationFolders) {
        let places: [(String, WritableKeyPath<InstallationFolders, String>)] = [
            ("outbox", \.outbox), ("work", \.work), ("held", \.held), ("sent", \.sent), ("inbox", \.inbox),
            ("keys", \.keys), ("partners", \.partners), ("agreements", \.agreements), ("catalogue", \.catalogue),
            ("ledger", \.ledger),
        ]
        for (key, place) in places {
            if let path = section.text(key) { folders[keyPath: place] = InstallationFolders.path(path, in: root) }
        }
        section.end()
    }

    private static func simple(_ top: Section, _ installation: inout Installation) {
        Assign.set(top.duration("settle"), &installation.settle)
        Assign.set(positive(top, "scan-interval"), &installation.scanInterval)
        Assign.set(positive(top, "waiting-note-after"), &installation.waitingNoteAfter)
        Assign.set(partSize(top), &installation.partSize)
        Assign.set(top.integer("concurrency", 1...1024).map(Int.init), &installation.concurrency)
        Assign.set(top.bytes("disk-reserve"), &installation.diskReserve)
        Assign.set(top.choice("log-level"), &installation.logLevel)
        Assign.set(top.choice("admission"), &installation.admission)
        if let lanes = top.section("lanes") {
            Assign.set(lanes.bytes("small"), &installation.smallFile)
            lanes.end()
        }
        if let retry = top.section("retry") {
            Assign.set(positive(retry, "first"), &installation.retry.first)
            Assign.set(positive(retry, "most"), &installation.retry.most)
            if installation.retry.most < installation.retry.first {
                retry.log.error("\"retry.most\" is shorter than \"retry.first\"", hint: "swap them", at: retry.mark)
            }
            retry.end()
        }
        if let retention = top.section("retention") {
            Assign.set(positive(retention, "sent"), &installation.retention.sent)
            Assign.set(positive(retention, "staging"), &installation.retention.staging)
            installation.retention.held = positive(retention, "held")
            installation.retention.details = details(retention)
            retention.end()
        }
        collect(top, &installation.collect)
        urgent(top, &installation.urgent)
        if let keys = top.section("keys") {
            Assign.set(keys.duration("sealingGrace"), &installation.keys.sealingGrace)
            keys.end()
        }
    }

    private static func collect(_ top: Section, _ collect: inout Installation.Collect) {
        if let inbox = top.section("inbox") {
            Assign.set(inbox.choice("collected"), &collect.sign)
            inbox.end()
        }
        guard let section = top.section("collect") else { return }
        Assign.set(positive(section, "within"), &collect.within)
        Assign.set(positive(section, "emergency"), &collect.emergency)
        Assign.set(positive(section, "expires"), &collect.expires)
        if collect.expires < collect.within {
            section.log.error(
                "\"collect.expires\" is shorter than \"collect.within\"", hint: "swap them, or give both",
                at: section.mark)
        }
        section.end()
    }

    private static func urgent(_ top: Section, _ urgent: inout Installation.Urgent) {
        guard let section = top.section("urgent") else { return }
        let command = section.texts("run") ?? []
        if let program = command.first, !program.hasPrefix("/") {
            section.log.error(
                "\"urgent.run\" must begin with the whole path of a program",
                hint: "write such as run: [/usr/local/bin/ring-the-desk, --loud]; no shell reads it",
                at: section.mark(of: "run"))
        } else {
            urgent.run = command
        }
        section.end()
    }

    /// Evidence of a delivery that goes within a day is no evidence: nobody could dispute it in time.
    private static func details(_ retention: Section) -> Period? {
        guard let period = retention.period("details") else { return nil }
        if period.months > 0 || period.days > 0 { return period }
        retention.log.error(
            "\"retention.details\" is shorter than a day", hint: "write such as P7Y; leave it out to erase nothing",
            at: retention.mark(of: "details"))
        return nil
    }

    private static func positive(_ section: Section, _ key: String) -> Duration? {
        section.value(key, "a length of time above 0", hint: "write such as 500ms, 2s, 5m, 1h or P30D") { text in
            LengthOfTime.read(text).flatMap { $0 > .zero ? $0 : nil }
        }
    }

    private static func partSize(_ top: Section) -> PartSize? {
        top.value("part-size", "a power of two from 64KiB to 16MiB", hint: "512KiB suits most") { text in
            ByteCount.read(text).flatMap { try? PartSize(bytes: Int($0)) }
        }
    }

    private static func groups(_ top: Section, _ root: String, _ installation: inout Installation) {
        if let limits = top.section("limits") {
            Assign.set(limits.integer("arrivals-per-partner", 1...4096).map(Int.init), &installation.limits.arrivals)
            Assign.set(limits.bytes("staged-bytes-per-partner"), &installation.limits.stagedBytes)
            Assign.set(
                limits.integer("new-ids-per-minute", 1...1_000_000).map(Int.init), &installation.limits.newIDsPerMinute)
            Assign.set(limits.bytes("minimum-rate"), &installation.limits.minimumRate)
            Assign.set(limits.bytes("ledger-bytes-per-hour"), &installation.limits.ledgerBytesPerHour)
            Assign.set(
                limits.integer("claims-ahead-per-partner", 1...100_000).map(Int.init), &installation.limits.claimsAhead)
            limits.end()
        }
        if let groups = top.section("groups") {
            installation.groups.readers = groups.id("readers")
            installation.groups.senders = groups.id("senders")
            installation.groups.officers = groups.id("officers")
            groups.end()
        }
        installation.controlSocket = InstallationFolders.path(
            top.text("control-socket") ?? "run/control.sock", in: root)
        // A longer path is reached through its folder; the name must fit into 107 bytes beside that.
        if installation.controlSocket.utf8.split(separator: UInt8(ascii: "/")).last?.count ?? 0 > 70 {
            top.log.warning(
                "the name of the control socket has more than 70 bytes, which Linux does not allow",
                hint: "set control-socket to a shorter one, such as run/control.sock",
                at: top.mark(of: "control-socket"))
        }
    }

    private static func partners(_ top: Section, _ root: String, _ installation: inout Installation) {
        for (name, mark, section) in top.named("partners") {
            guard let id = try? AgencyID(name) else {
                top.log.error(
                    "a key of \"partners\" is not an agency id", hint: "such as cleveland-police", at: mark)
                continue
            }
            if id == installation.agency {
                top.log.error("this agency stands among its own partners", hint: "remove it", at: mark)
            }
            installation.partners[id] = partner(section, root, mark)
            section.end()
        }
    }

    private static func partner(_ section: Section, _ root: String, _ mark: Position?) -> PartnerSettings {
        var partner = PartnerSettings()
        Assign.set(section.choice("transport"), &partner.transport)
        partner.address = endpoint(section, "address")
        partner.contacts = ContactRows.read(section)
        partner.path = section.text("path").map { InstallationFolders.path($0, in: root) }
        if partner.transport == .folder, partner.path == nil {
            section.log.error(
                "\"\(section.path("path"))\" is missing", hint: "name the shared folder, as transport is folder",
                at: mark)
        }
        if partner.transport == .https, partner.path != nil {
            section.log.error(
                "\"\(section.path("path"))\" has no meaning over https", hint: "add `transport: folder`", at: mark)
        }
        return partner
    }
}
