import Law
import Policy
import Settings
import Testing
import Vocabulary

/// How texts, lengths of time and numbers of bytes are read.
extension InstallationTests {
    @Test(
        "a file that is too deep or too long is refused in time", .timeLimit(.minutes(5)),
        arguments: ["[", "- ", "{a: ", "a: x\n"])
    func endless(_ piece: String) {
        let reading = read(String(repeating: piece, count: (1 << 20) / piece.utf8.count))
        #expect(reading.value == nil)
        #expect(
            read(String(repeating: piece, count: 2 << 20)).problems.map(\.what) == ["the file is larger than 1 MiB"])
    }

    @Test("bytes that are not UTF-8 are refused")
    func notText() {
        let reading = InstallationReader.read([0x61, 0x3a, 0xff, 0xfe], file: "waybill.yaml", folder: "/")
        #expect(reading.problems.map(\.what) == ["the file is not UTF-8 text"])
    }

    @Test("an ampersand, a star or an exclamation mark in a sentence is text")
    func signs() throws {
        let installation = try read("agency: redcar\nname: Redcar & Cleveland * Council!\nlisten: 127.0.0.1:1\n").get()
        #expect(installation.name == "Redcar & Cleveland * Council!")
    }

    @Test(
        "the file that init writes reads back, whatever the name",
        arguments: ["Hartlepool", "A \"B\" \\ C: #d", "yes", "é & *x"])
    func template(_ name: String) throws {
        let listen = HostPort(host: "::1", port: 8443)
        for address in ["", "waybill.example.gov.uk:8443"] {
            let text = Installation.template(
                agency: try AgencyID("hartlepool"), name: name, listen: listen, address: address)
            let reading = read(text)
            #expect(reading.problems == [])
            let installation = try reading.get()
            #expect(installation.name == name)
            #expect(installation.listen == listen)
            #expect(installation.address == address)
            #expect(text.split(separator: "\n").count == 21)
        }
    }

    @Test(
        "lengths of time",
        arguments: [("500ms", 500), ("2s", 2000), ("5m", 300_000), ("1h", 3_600_000), ("P30D", 2_592_000_000)])
    func durations(_ text: String, _ milliseconds: Int64) throws {
        #expect(try read(least + "settle: \(text)\n").get().settle == .milliseconds(milliseconds))
    }

    @Test(
        "what is no length of time is refused",
        arguments: ["2", "s", "-2s", "2 s", "P1M", "P1Y", "1.5s", "99999999999999h", "２s"])
    func notDurations(_ text: String) {
        #expect(read(least + "settle: \(text)\n").problems.map(\.line) == [4])
    }

    @Test("numbers of bytes", arguments: [("65536", 65536), ("64KiB", 65536), ("1 MiB", 1 << 20), ("2TiB", 2 << 40)])
    func bytes(_ text: String, _ count: Int64) throws {
        #expect(try read(least + "disk-reserve: \(text)\n").get().diskReserve == count)
    }

    @Test("what is no number of bytes is refused", arguments: ["1MB", "1 M", "-1", "KiB", "99999999999TiB", "1.5GiB"])
    func notBytes(_ text: String) {
        #expect(read(least + "disk-reserve: \(text)\n").problems.map(\.line) == [4])
    }

    @Test("a time authority is asked only where the settings name one")
    func timestamps() throws {
        #expect(try read(least).get().timestamps == nil)
        let named = try read(least + "timestamps: { authority: http://tsa.example/x, certificate: tsa.pem }\n").get()
        #expect(named.timestamps?.authority == "http://tsa.example/x")
        #expect(named.timestamps?.certificate == "/srv/waybill/tsa.pem")
        #expect(named.timestamps?.every == .seconds(3600))
        let often = "timestamps: { authority: \"https://[::1]:8318/?a=1\", certificate: /etc/tsa.pem, every: 10m }\n"
        let quick = try read(least + often).get()
        #expect(quick.timestamps?.every == .seconds(600))
        #expect(quick.timestamps?.certificate == "/etc/tsa.pem")
    }

    @Test(
        "what is wrong with the time authority is told with its line",
        arguments: [
            ("timestamps: {}", "\"timestamps.authority\" is missing"),
            ("timestamps: { authority: http://tsa.example }", "\"timestamps.certificate\" is missing"),
            (
                "timestamps: { authority: tsa.example, certificate: a }",
                "\"timestamps.authority\" must be a web address"
            ),
            ("timestamps: { authority: ftp://tsa.example, certificate: a }", "must be a web address"),
            ("timestamps: { authority: http://me:pass@tsa.example, certificate: a }", "must be a web address"),
            ("timestamps: { authority: http://tsa.example:0x, certificate: a }", "must be a web address"),
            ("timestamps: { authority: \"http:///tsa\", certificate: a }", "must be a web address"),
            ("timestamps: { authority: \"http://a b\", certificate: a }", "must be a web address"),
            ("timestamps: { authority: http://a, certificate: a, every: 0 }", "\"timestamps.every\" must be"),
            ("timestamps: { authority: http://a, certificate: a, every: P30D }", "\"timestamps.every\" must be"),
            ("timestamps: { authority: http://a, certificate: a, evry: 1h }", "unknown key \"evry\" in \"timestamps\""),
            ("timestamps: http://tsa.example", "\"timestamps\" must be a group of keys"),
        ])
    func timestampMistakes(line: String, says: String) {
        let errors = read(least + line + "\n").errors
        #expect(errors.count == 1 || line == "timestamps: {}", "\(errors)")
        #expect(errors.contains { $0.what.contains(says) && $0.line == 4 }, "\(errors)")
    }

    @Test(
        "evidence is not erased within a day, nor after what is no time",
        arguments: [
            ("PT12H", "is shorter than a day"), ("P0D", "is shorter than a day"), ("7 years", "must be a period"),
        ])
    func details(text: String, problem: String) {
        let problems = read(least + "retention: { details: \(text) }\n").problems.map(\.description)
        #expect(problems.contains { $0.contains("\"retention.details\" \(problem)") }, "\(problems)")
    }
}
