/// The identifiers that are looked for, by the kind that a find reports.
package enum IdentifierKind: String, CaseIterable, Sendable {
    case nhsNumber = "nhs-number"
    case pupilNumber = "upn"
    case insuranceNumber = "nino"
    case policeComputerID = "pnc-id"
    case criminalRecord = "cro"
    case arrestSummons = "asn"
    case prisonNumber = "prison-number"
    case probationNumber = "probation-crn"
    case prosecutionNumber = "pti-urn"
    case postcode
    case birthDate = "date-of-birth"
    case childBirthDate = "child-date-of-birth"
    case learnerNumber = "uln"
    case bankAccount = "bank-account"
    case schoolNumber = "school-urn"
    case phone

    /// Its place in a table.
    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    package var category: String {
        switch self {
        case .nhsNumber: "pd-13"
        case .pupilNumber, .insuranceNumber, .learnerNumber, .schoolNumber: "pd-08"
        case .policeComputerID, .criminalRecord, .arrestSummons, .prisonNumber, .probationNumber, .prosecutionNumber:
            "cr-offence"
        case .postcode, .phone: "pd-02"
        case .birthDate, .childBirthDate: "pd-03"
        case .bankAccount: "pd-07"
        }
    }

    /// From which confidence on a find suggests the category. A shape alone is enough for what nearly every file holds,
    /// but not for a criminal record: people click through a warning that is often wrong.
    var suggestsFrom: Inspection.Confidence { category == "cr-offence" ? .medium : .low }

    /// The words that make a find more certain when they stand just before or after it; matched as a lexicon's words.
    var contextWords: [String] {
        switch self {
        case .nhsNumber: ["NHS", "nhs no", "nhs number", "nhsnumber", "nhsno", "patient no", "patient number"]
        case .pupilNumber: ["UPN", "upn", "pupil number", "pupil no"]
        case .insuranceNumber: ["NINO", "nino", "ni no", "ni number", "NI", "national insurance*"]
        case .policeComputerID: ["PNC", "pnc id", "pncid", "pnc no", "police national computer"]
        case .criminalRecord: ["CRO", "cro no", "cro number", "criminal record*"]
        case .arrestSummons: ["ASN", "asn", "arrest summons"]
        case .prisonNumber: ["prison no", "prison number", "NOMIS", "nomis", "NOMS", "noms", "prisoner", "HMP"]
        case .probationNumber: ["CRN", "crn", "probation*", "delius"]
        case .prosecutionNumber: ["PTI", "ptiurn", "pti urn", "case urn", "prosecution"]
        case .birthDate: ["DOB", "dob", "d.o.b", "born", "date of birth", "birth date", "birthdate", "dateofbirth"]
        case .learnerNumber: ["ULN", "uln", "learner no", "learner number", "unique learner*"]
        case .bankAccount: ["sort code", "sortcode", "account no", "account number", "bank account", "a/c"]
        case .schoolNumber: ["URN", "urn", "school no", "school number"]
        case .phone:
            ["tel", "phone*", "telephone*", "mobile", "mob", "fax", "call on", "ring on", "landline", "whatsapp"]
        case .postcode, .childBirthDate: []
        }
    }

    /// How many bytes may lie between the word and the identifier.
    var contextReach: Int { self == .birthDate || self == .phone ? 20 : 40 }

    /// The highest confidence that a find can have.
    var best: Inspection.Confidence {
        switch self {
        case .postcode, .schoolNumber: .low
        case .insuranceNumber, .prisonNumber, .probationNumber, .prosecutionNumber, .phone: .medium
        case .nhsNumber, .pupilNumber, .policeComputerID, .criminalRecord, .arrestSummons, .birthDate, .childBirthDate,
            .learnerNumber, .bankAccount:
            .high
        }
    }

    /// Whether a word beside it decides if it is one, or if something else is: not only how sure it is.
    var dependsOnContext: Bool {
        switch self {
        case .nhsNumber, .phone, .birthDate, .bankAccount, .schoolNumber: true
        default: false
        }
    }
}
