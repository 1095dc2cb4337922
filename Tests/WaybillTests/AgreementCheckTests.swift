import Law
import Policy
import Testing
import Vocabulary

@testable import waybill

@Suite struct AgreementCheckTests {
    private let catalogue: Catalogue
    private let shipped: [Reading<Agreement>]

    init() throws {
        catalogue = try LawAtHand.shippedCatalogue()
        shipped = LawAtHand.shippedAgreements(catalogue)
    }

    private func check(_ text: String) throws -> AgreementCheck {
        let sha256 = try Digest([UInt8](repeating: 9, count: 32))
        return AgreementCheck(
            AgreementReader.read(Array(text.utf8), file: "new.yaml", sha256: sha256, catalogue: catalogue),
            beside: shipped, catalogue)
    }

    @Test("a file of those that are loaded is not held against itself")
    func itself() {
        for reading in shipped {
            #expect(AgreementCheck(reading, beside: shipped, catalogue).problems == [])
        }
    }

    @Test("every mistake of a broken file is told, not only the first")
    func broken() throws {
        let check = try check(
            "agreement: x\nversion: 1\nvalid: { from: 2026-04-01 }\npurposes: [pu-99]\nparties: []\nroutez: 1\n")
        #expect(!check.isSound)
        #expect(check.problems.count { $0.severity == .error } >= 2)
        #expect(check.problems.map(\.line).contains(4) && check.problems.map(\.line).contains(6))
    }

    @Test("what is wrong only beside the others is told at its line")
    func beside() throws {
        let sound = "version: 1\nvalid: { from: 2026-04-01 }\npurposes: [pu-3]\nparties: [hartlepool]\n"
        let orphan = try check("agreement: new\nunder: tier-9\n\(sound)")
        #expect(!orphan.isSound)
        #expect(orphan.problems.contains { $0.line == 2 && $0.what.contains("tier-9") })
        let twin = try check("agreement: tier-1\n" + sound.replacing("version: 1", with: "version: 2026-04"))
        #expect(twin.problems.contains { $0.what.contains("is also in tier-1.yaml") })
    }
}
