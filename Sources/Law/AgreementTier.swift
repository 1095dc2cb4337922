internal import Policy
internal import Vocabulary

/// One agreement against every version of the one that it stands under.
struct Tier {
    let file: AgreementFile
    let above: [Agreement]
    let catalogue: Catalogue

    private var agreement: Agreement { file.agreement }
    private var name: String { above.first?.id ?? "" }

    /// It may not begin before the upper one does, nor go on after it ends.
    var dates: [SettingsProblem] {
        let first = above.map(\.validFrom).min()
        let last = above.contains { $0.validTo == nil } ? nil : above.compactMap(\.validTo).max()
        var problems: [SettingsProblem] = []
        if let first, agreement.validFrom < first {
            problems.append(
                file.error(
                    "it begins on \(agreement.validFrom), before \"\(name)\" does on \(first)",
                    hint: "set valid.from to \(first) or later", at: "valid"))
        }
        if let last, agreement.validTo.map({ last < $0 }) ?? true {
            let end = agreement.validTo.map { "ends on \($0)" } ?? "has no last day"
            problems.append(
                file.error(
                    "it \(end), and \"\(name)\" ends on \(last)", hint: "set valid.to to \(last) or earlier",
                    at: "valid"))
        }
        return problems
    }

    var purposes: [SettingsProblem] {
        let theirs = Set(above.flatMap(\.purposes))
        return agreement.purposes.filter { id in
            !catalogue.lineage(ofPurpose: id, on: agreement.validFrom).contains(where: theirs.contains)
        }.map { id in
            file.error(
                "purpose \"\(id)\" is not among those of \"\(name)\"",
                hint: "remove it, or have \"\(name)\" changed first", at: "purposes")
        }
    }

    var parties: [SettingsProblem] {
        let theirs = Set(above.flatMap(\.parties).map(\.id))
        return agreement.parties.filter { !theirs.contains($0.id) }.map { party in
            file.warning(
                "party \"\(party.id)\" has not signed \"\(name)\"",
                hint: "have it sign, and add it to the parties of \"\(name)\"", at: "parties")
        }
    }
}
