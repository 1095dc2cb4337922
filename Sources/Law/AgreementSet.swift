package import Policy
internal import Vocabulary

/// What only several agreements together show: tier 2 under tier 1, and versions side by side.
package struct AgreementSet: Sendable {
    private let files: [AgreementFile]
    private let catalogue: Catalogue
    /// Some file could not be read, and it may be the one that is missed.
    private let isPartial: Bool

    /// Every mistake between the files, in their order. Files that cannot be read alone are left out: their own
    /// mistakes come first.
    package static func check(_ readings: [Reading<Agreement>], catalogue: Catalogue) -> [SettingsProblem] {
        let files = readings.compactMap { reading in
            reading.value.map { AgreementFile(agreement: $0, file: reading.file, lines: reading.lines) }
        }
        let set = AgreementSet(files: files, catalogue: catalogue, isPartial: files.count < readings.count)
        return set.files.flatMap { set.tier($0) } + set.versions()
    }

    private func tier(_ file: AgreementFile) -> [SettingsProblem] {
        guard let under = file.agreement.under else { return [] }
        let above = files.filter { $0.agreement.id == under }.map(\.agreement)
        guard !above.isEmpty else {
            let near = Nearest.word(to: under, among: files.map(\.agreement.id).filter { $0 != file.agreement.id })
            let guess = near.map { "did you mean \"\($0)\"?" } ?? "put its file beside this one"
            return [
                file.error(
                    "agreement \"\(under)\" is not loaded",
                    hint: isPartial ? "mend the files that cannot be read first" : guess, at: "under")
            ]
        }
        if isCircle(file.agreement) {
            return [
                file.error(
                    "agreement \"\(file.agreement.id)\" stands under itself, through \"\(under)\"",
                    hint: "tier 2 stands under tier 1, never the other way round", at: "under")
            ]
        }
        let tier = Tier(file: file, above: above, catalogue: catalogue)
        return tier.dates + tier.purposes + tier.parties
    }

    private func isCircle(_ agreement: Agreement) -> Bool {
        var (next, seen) = (agreement.under, Set<String>())
        while let id = next, seen.insert(id).inserted {
            if id == agreement.id { return true }
            next = files.first { $0.agreement.id == id }?.agreement.under
        }
        return false
    }

    /// Each pair of files of one agreement, told at the later one.
    private func versions() -> [SettingsProblem] {
        files.indices.flatMap { index in
            files[..<index].filter { $0.agreement.id == files[index].agreement.id }.compactMap { earlier in
                beside(earlier, files[index])
            }
        }
    }

    private func beside(_ first: AgreementFile, _ second: AgreementFile) -> SettingsProblem? {
        let (a, b) = (first.agreement, second.agreement)
        let name = "agreement \"\(b.id)\""
        if a.version == b.version {
            return second.error(
                "\(name) version \(b.version) is also in \(first.file)",
                hint: "keep one file, or give the newer one another version", at: "version")
        }
        if a.validFrom == b.validFrom {
            return second.error(
                "\(name) version \(b.version) begins on the same day as version \(a.version) in \(first.file)",
                hint: "give the newer one a later valid.from", at: "valid")
        }
        let (old, new) = a.validFrom < b.validFrom ? (a, b) : (b, a)
        guard old.inForce(on: new.validFrom) else { return nil }
        return second.warning(
            "\(name) versions \(old.version) and \(new.version) are both in force from \(new.validFrom)",
            hint: "version \(new.version) applies from that day; end \(old.version) the day before to say so",
            at: "valid")
    }
}

/// An agreement with the places to show.
struct AgreementFile: Sendable {
    let agreement: Agreement
    let file: String
    let lines: [String: Int]

    func error(_ what: String, hint: String, at key: String) -> SettingsProblem { problem(what, hint, key, .error) }
    func warning(_ what: String, hint: String, at key: String) -> SettingsProblem { problem(what, hint, key, .warning) }

    private func problem(
        _ what: String, _ hint: String, _ key: String, _ severity: SettingsProblem.Severity
    ) -> SettingsProblem {
        let line = lines[key] ?? 0
        return SettingsProblem(
            file: file, line: line, column: line > 0 ? 1 : 0, what: what, hint: hint, severity: severity)
    }
}
