import Law
import Policy
import Testing
import Vocabulary

@Suite struct AgreementSetTests {
    private func read(_ file: String, _ text: String) throws -> Reading<Agreement> {
        let reading = AgreementReader.read(
            Array(text.utf8), file: file, sha256: try Shipped.digest(3), catalogue: try Shipped.catalogue())
        #expect(reading.errors == [])
        return reading
    }

    private func check(_ texts: String...) throws -> [String] {
        let readings = try texts.enumerated().map { try read("\($0.offset + 1).yaml", $0.element) }
        return AgreementSet.check(readings, catalogue: try Shipped.catalogue()).map(\.description)
    }

    private let tier1 = """
        agreement: tier-1
        version: "1"
        valid: { from: 2026-04-01, to: 2027-03-31 }
        parties: [hartlepool, tewv]
        purposes: [pu-1, pu-3]
        """

    private func tier2(_ valid: String, _ parties: String = "hartlepool", _ purposes: String = "pu-3.1") -> String {
        """
        agreement: tier-2
        version: "1"
        under: tier-1
        valid: { \(valid) }
        parties: [\(parties)]
        purposes: [\(purposes)]
        """
    }

    @Test("a tier 2 within its tier 1 is sound, also where its purpose is part of one of tier 1")
    func sound() throws {
        #expect(try check(tier1, tier2("from: 2026-04-01, to: 2027-03-31", "hartlepool, tewv", "pu-1b, pu-3")) == [])
    }

    @Test("tier 1 must be loaded, and the nearest name is guessed")
    func missing() throws {
        let wrong = tier2("from: 2026-04-01").replacing("under: tier-1", with: "under: tier-3")
        #expect(
            try check(tier1, wrong) == ["2.yaml:3:1: agreement \"tier-3\" is not loaded (did you mean \"tier-1\"?)"])
        #expect(
            try check(tier2("from: 2026-04-01"))
                == ["1.yaml:3:1: agreement \"tier-1\" is not loaded (put its file beside this one)"])
    }

    @Test("where a file cannot be read, that is mended first")
    func partial() throws {
        let broken = AgreementReader.read(
            Array("agreement: tier-1\n".utf8), file: "1.yaml", sha256: try Shipped.digest(3),
            catalogue: try Shipped.catalogue())
        let found = AgreementSet.check(
            [broken, try read("2.yaml", tier2("from: 2026-04-01"))], catalogue: try Shipped.catalogue())
        #expect(found.map(\.hint) == ["mend the files that cannot be read first"])
    }

    @Test("dates, purposes and parties of tier 2 lie within those of tier 1")
    func within() throws {
        let found = try check(tier1, tier2("from: 2026-03-31", "hartlepool, stockton", "pu-3, pu-4"))
        let expected = [
            "2.yaml:4:1: it begins on 2026-03-31, before \"tier-1\" does on 2026-04-01",
            "2.yaml:4:1: it has no last day, and \"tier-1\" ends on 2027-03-31",
            "2.yaml:6:1: purpose \"pu-4\" is not among those of \"tier-1\"",
            "2.yaml:5:1: warning: party \"stockton\" has not signed \"tier-1\"",
        ]
        #expect(found.count == expected.count)
        for (line, start) in zip(found, expected) { #expect(line.hasPrefix(start), "\(line)") }
    }

    @Test("a new version of tier 1 carries tier 2 on")
    func renewed() throws {
        let next = tier1.replacing("version: \"1\"", with: "version: \"2\"")
            .replacing("from: 2026-04-01, to: 2027-03-31", with: "from: 2027-04-01")
        #expect(try check(tier1, next, tier2("from: 2026-04-01")) == [])
    }

    @Test("agreements under each other in a circle are told once each")
    func circle() throws {
        let other = tier1 + "\nunder: tier-2"
        let found = try check(other, tier2("from: 2026-04-01"))
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.contains("stands under itself, through") })
    }

    @Test("one version in two files, and two versions from one day, are mistakes")
    func doubled() throws {
        let second = try check(tier1, tier1)
        #expect(second.count == 1)
        #expect(second.allSatisfy { $0.hasPrefix("2.yaml:2:1: agreement \"tier-1\" version 1 is also in 1.yaml") })
        let sameDay = try check(tier1, tier1.replacing("version: \"1\"", with: "version: \"2\""))
        #expect(sameDay.count == 1)
        #expect(sameDay.allSatisfy { $0.hasPrefix("2.yaml:3:1: agreement \"tier-1\" version 2 begins on the same") })
    }

    @Test("two versions that overlap are warned of, and the newer one applies from its first day")
    func overlapping() throws {
        let newer = tier1.replacing("version: \"1\"", with: "version: \"2\"")
            .replacing("from: 2026-04-01, to: 2027-03-31", with: "from: 2026-10-01")
        for texts in [[tier1, newer], [newer, tier1]] {
            let found = try check(texts[0], texts[1])
            let told = "agreement \"tier-1\" versions 1 and 2 are both in force from 2026-10-01"
            #expect(found.count == 1)
            #expect(found.allSatisfy { $0.hasPrefix("2.yaml:3:1: warning: \(told)") })
        }
        let agreements = try [tier1, newer].map { try read("f.yaml", $0).get() }
        func version(_ day: String) throws -> String? {
            agreements.inForce("tier-1", on: try CalendarDate(day))?.version
        }
        #expect(try version("2026-03-31") == nil)
        #expect(try version("2026-09-30") == "1")
        #expect(try version("2026-10-01") == "2")
        #expect(try version("2027-04-01") == "2")
    }
}
