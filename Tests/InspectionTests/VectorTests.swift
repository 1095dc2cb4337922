import Foundation
import Inspection
import Testing
import Vocabulary

/// Every vector of `identifier-vectors.json`.
struct VectorTests {
    private struct Vectors: Decodable {
        let valid: [String]
        let invalid: [String]
    }

    private static let today = CalendarDate(year: 2026, month: 11, day: 22)
    private static let checks: [String: @Sendable (String) -> Bool] = [
        "nhs_number": { NHSNumber.isValid($0) }, "upn": { PupilNumber.isValid($0) },
        "nino": { InsuranceNumber.isValid($0) }, "pnc_id": { PoliceComputerID.isValid($0) },
        "cro": { CriminalRecordNumber.isValid($0) }, "asn": { ArrestSummonsNumber.isValid($0) },
        "prison_number": { PrisonNumber.isValid($0) }, "probation_crn": { ProbationNumber.isValid($0) },
        "pti_urn": { ProsecutionNumber.isValid($0) }, "postcode": { Postcode.isValid($0) },
        "date_of_birth": { BirthDate.isValid($0, today: today) }, "uln": { LearnerNumber.isValid($0) },
        "sort_code_account": { BankAccount.isValid($0) },
    ]

    private static func vectors() throws -> [String: Vectors] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "identifier-vectors.json")
        return try JSONDecoder().decode([String: Vectors].self, from: Data(contentsOf: file))
    }

    @Test("every vector passes or fails as it is listed")
    func all() throws {
        let vectors = try Self.vectors()
        #expect(Set(vectors.keys) == Set(Self.checks.keys))
        for (name, vectors) in vectors {
            let isValid = try #require(Self.checks[name])
            for text in vectors.valid { #expect(isValid(text), "\(name) \(text)") }
            for text in vectors.invalid { #expect(!isValid(text), "\(name) \(text)") }
        }
    }

    @Test("the vendors' pupil number is wrong and the corrected one right")
    func vendors() {
        #expect(!PupilNumber.isValid("Q207000016049"))
        #expect(PupilNumber.isValid("P207000016049"))
        #expect(PupilNumber.isValid("B801200005001"))
    }

    @Test("no number of ten digits is both of a patient and of a learner")
    func apart() {
        for number in stride(from: 1_000_000_007, to: 9_999_999_999, by: 7_654_321) {
            #expect(!(NHSNumber.isValid("\(number)") && LearnerNumber.isValid("\(number)")))
        }
    }

    @Test(
        "telephone numbers of Ofcom's drama ranges",
        arguments: ["01632 960123", "01632960123", "07700 900123", "07700900123", "44 7700 900123", "020 7946 0123"])
    func phones(_ text: String) { #expect(PhoneNumber.isValid(text)) }

    @Test("what is no telephone number", arguments: ["01632 9601", "0632 960123", "016329601234", "44 01632 960123"])
    func noPhones(_ text: String) { #expect(!PhoneNumber.isValid(text)) }

    @Test("birth dates are also written with the year first and in words")
    func dates() {
        for text in ["2010-01-31", "1 May 2014", "21st December 2009", "3rd of Sept 2011"] {
            #expect(BirthDate.isValid(text, today: Self.today), "\(text)")
        }
        #expect(!BirthDate.isValid("31 June 2014", today: Self.today))
    }

    @Test("a child is younger than eighteen on the day")
    func childhood() {
        let born = CalendarDate(year: 2008, month: 11, day: 22)
        #expect(!BirthDate.isChild(born, today: Self.today))
        #expect(BirthDate.isChild(CalendarDate(year: 2008, month: 11, day: 23), today: Self.today))
    }
}
