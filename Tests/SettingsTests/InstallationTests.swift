import Law
import Policy
import Settings
import Testing
import Vocabulary

@Suite struct InstallationTests {
    func read(_ text: String) -> Reading<Installation> {
        InstallationReader.read(Array(text.utf8), file: "waybill.yaml", folder: "/srv/waybill")
    }

    let least = """
        agency: hartlepool
        name: Hartlepool Borough Council
        listen: 127.0.0.1:8443

        """

    @Test("three lines are enough, and the rest has defaults")
    func defaults() throws {
        let installation = try read(least).get()
        #expect(installation.agency.text == "hartlepool")
        #expect(installation.listen == HostPort(host: "127.0.0.1", port: 8443))
        #expect(installation.address == "")
        #expect(installation.folders.outbox == "/srv/waybill/outbox")
        #expect(installation.folders.ledger == "/srv/waybill/ledger.sqlite")
        #expect(installation.controlSocket == "/srv/waybill/run/control.sock")
        #expect(installation.settle == .seconds(5))
        #expect(installation.scanInterval == .seconds(5))
        #expect(installation.waitingNoteAfter == .seconds(30))
        #expect(installation.partSize.bytes == 1 << 19)
        #expect(installation.concurrency == 32)
        #expect(installation.smallFile == 16 << 20)
        #expect(installation.retry.most == .seconds(300))
        #expect(installation.diskReserve == 256 << 20)
        #expect(installation.limits.stagedBytes == 64 << 30)
        #expect(installation.retention.sent == .seconds(30 * 86_400))
        #expect(installation.collect.sign == .moved)
        #expect(installation.collect.within == .seconds(2 * 86_400))
        #expect(installation.collect.emergency == .seconds(900))
        #expect(installation.collect.expires == .seconds(30 * 86_400))
        #expect(installation.retention.held == nil && installation.retention.details == nil)
        #expect(installation.admission == .lenient)
        #expect(installation.partner(try AgencyID("anyone")).transport == .https)
    }

    @Test("what the file says goes before the defaults")
    func everything() throws {
        let installation = try read(
            least + """
                address: "[2001:db8::1]:8443"
                folders: { root: /data, outbox: /mnt/outbox, ledger: state/ledger.sqlite }
                control-socket: /run/waybill/control.sock
                settle: 0
                scan-interval: 250ms
                waiting-note-after: 1m
                part-size: 4MiB
                concurrency: 8
                lanes: { small: 1MiB }
                retry: { first: 500ms, most: 1h }
                disk-reserve: 1GiB
                limits: { arrivals-per-partner: 4, staged-bytes-per-partner: 1GiB, new-ids-per-minute: 60, minimum-rate: 0 }
                inbox: { collected: opened }
                collect: { within: PT4H, emergency: 20m, expires: P7D }
                urgent: { run: [/usr/local/bin/ring, --loud] }
                retention: { sent: P90D, staging: PT36H, held: P60D, details: P7Y }
                groups: { readers: waybill-readers }
                log-level: debug
                admission: strict
                partners:
                  cleveland-police: { transport: folder, path: stick }
                  tewv: { address: "waybill.example.nhs.uk:443" }
                  stockton:

                """
        ).get()
        #expect(installation.address == "[2001:db8::1]:8443")
        #expect(installation.folders.outbox == "/mnt/outbox")
        #expect(installation.folders.inbox == "/data/inbox")
        #expect(installation.folders.ledger == "/data/state/ledger.sqlite")
        #expect(installation.settle == .zero)
        #expect(installation.scanInterval == .milliseconds(250))
        #expect(installation.partSize.bytes == 4 << 20)
        #expect(installation.retry.first == .milliseconds(500))
        #expect(installation.retention.staging == .seconds(36 * 3600))
        #expect(installation.collect.sign == .opened)
        #expect(installation.collect.within == .seconds(4 * 3600))
        #expect(installation.collect.emergency == .seconds(1200))
        #expect(installation.urgent.run == ["/usr/local/bin/ring", "--loud"])
        #expect(installation.collect.expires == .seconds(7 * 86_400))
        #expect(installation.retention.held == .seconds(60 * 86_400))
        #expect(installation.retention.details == (try Period("P7Y")))
        #expect(installation.groups.readers == "waybill-readers")
        #expect(installation.logLevel == .debug)
        #expect(installation.admission == .strict)
        #expect(installation.partner(try AgencyID("cleveland-police")).path == "/data/stick")
        #expect(
            installation.partner(try AgencyID("tewv")).address == HostPort(host: "waybill.example.nhs.uk", port: 443))
        #expect(installation.partners.count == 3)
    }

    @Test("the command for urgent files is a whole path: no shell and no search path would find it")
    func urgentCommand() {
        let reading = read(
            """
            agency: hartlepool
            name: Hartlepool
            listen: 127.0.0.1:8443
            urgent:
              run: [ring-the-desk, --loud]

            """)
        #expect(reading.value == nil)
        let found = reading.problems.map { "\($0.line) \($0.what)" }
        #expect(found == ["5 \"urgent.run\" must begin with the whole path of a program"])
    }

    @Test("mistakes about what counts as collected are told with their lines")
    func collectMistakes() {
        let reading = read(
            """
            agency: hartlepool
            name: Hartlepool
            listen: 127.0.0.1:8443
            inbox:
              collected: copied
              opened: true
            collect:
              within: P7D
              emergency: "0"
              expires: P2D

            """)
        #expect(reading.value == nil)
        let found = reading.problems.map { "\($0.line) \($0.what)" }
        let expected = [
            (5, "\"inbox.collected\" must be one of moved, opened"), (6, "unknown key"),
            (9, "\"collect.emergency\" must be"), (8, "\"collect.expires\" is shorter than"),
        ]
        #expect(found.count == expected.count, "\(reading.problems)")
        for (_, what) in expected { #expect(found.contains { $0.contains(what) }, "\(found)") }
        for (line, what) in expected.prefix(3) { #expect(found.contains { $0.hasPrefix("\(line) \(what)") }) }
    }

    @Test("every mistake is listed, with its line and a hint")
    func mistakes() {
        let reading = read(
            """
            agency: Hartlepool Council
            listen: 127.0.0.1
            setle: 2s
            scan-interval: soon
            part-size: 3MiB
            concurrency: 0
            retention:
              sent: P1M
            retention:
              staging: P7D
            admission: laissez-faire
            limits: 5
            partners:
              tewv: { transport: pigeon }
              stockton: { transport: folder }
              Bad Name: {}

            """)
        #expect(reading.value == nil)
        let found = reading.problems.map { "\($0.line) \($0.what)" }
        let expected = [
            (1, "\"name\" is missing"), (1, "\"agency\" must be an agency id"), (2, "\"listen\" must be host:port"),
            (3, "unknown key \"setle\""), (4, "\"scan-interval\" must be"), (5, "\"part-size\" must be"),
            (6, "\"concurrency\" must be"), (8, "\"retention.sent\" must be"),
            (9, "key \"retention\" stands here again"),
            (11, "\"admission\" must be one of strict, lenient"), (12, "\"limits\" must be a group"),
            (14, "\"partners.tewv.transport\" must be"), (15, "\"partners.stockton.path\" is missing"),
            (16, "a key of \"partners\" is not an agency id"),
        ]
        #expect(found.count == expected.count, "\(reading.problems)")
        for (line, what) in expected {
            #expect(found.contains { $0.hasPrefix("\(line) \(what)") }, "\(line) \(what) in \(found)")
        }
        #expect(reading.problems.map(\.line) == reading.problems.map(\.line).sorted())
        #expect(reading.problems.first { $0.line == 3 }?.hint == "did you mean \"settle\"?")
        #expect(reading.problems.allSatisfy { $0.column > 0 && $0.file == "waybill.yaml" })
    }

    @Test("text that YAML takes for something else must be quoted", arguments: ["yes", "12", "1.5", "[a]", "{ a: b }"])
    func types(_ value: String) {
        let reading = read("agency: hartlepool\nname: \(value)\nlisten: 127.0.0.1:1\n")
        #expect(reading.problems.map(\.line) == [2])
        #expect(reading.problems.first?.what == "\"name\" must be text")
    }

    @Test(
        "bombs, tags and what is no settings file are refused in time", .timeLimit(.minutes(5)),
        arguments: [
            "a: &a [x]\nb: *a\n", "a: !!str x\n", "- &x [1]\n", "{a:*b}\n", "? *a\n: 1\n", "\u{2028}&a b: c\n", "",
            "# nothing\n",
            "- a\n- b\n", "a: [\n", "a:\n\t- b\n", "a: b\n---\nc: d\n", "a: \u{E000}\n",
            "{a: 1, a: 2}\n",
        ])
    func refused(_ text: String) {
        let reading = read(text)
        #expect(reading.value == nil)
        #expect(!reading.problems.isEmpty)
    }
}
