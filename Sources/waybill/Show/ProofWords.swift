internal import Ledger
internal import Premises
internal import Proofs
internal import Vocabulary

/// What a verification found, in the words of `verify.sh`.
enum ProofWords {
    static func show(_ line: ProofReport.Line) {
        let paint: Terminal.Paint? =
            switch line.verdict {
            case .holds: .green
            case .note: .yellow
            case .fails: .red
            case .fact: nil
            }
        Terminal.say(Terminal.paint(line.verdict.rawValue, paint) + Terminal.clean(line.words))
    }

    /// The last line.
    static func conclude(_ report: ProofReport) {
        let paint: Terminal.Paint = report.holds ? (report.verdict.hasPrefix("PROVED") ? .green : .yellow) : .red
        Terminal.say(Terminal.paint(Terminal.clean(report.verdict), paint))
    }
}

extension Trouble {
    /// Why there is no proof, and what to do.
    init(_ objection: ProofObjection) {
        let id = objection.key.id
        let fix =
            switch objection.reason {
            case .erased, .referenceErased:
                "Use a proof that was made before: it verifies as it did. The entries still stand: "
                    + "waybill ledger show \(Words.short(id))"
            case .refusedByUs: "Ask \(objection.key.partner) to prove it."
            case .unanswered: "See: waybill ledger show \(id)"
            }
        self.init(objection.what, why: objection.why, fix: fix)
    }

    /// Why a zip file of proofs could not be made or opened, and what to do.
    init(_ trouble: ZipTrouble) {
        switch trouble {
        case .exists(let out):
            self.init(
                "\(Terminal.clean(out)) cannot be written.", why: "It, or its .part, exists; nothing is overwritten.",
                fix: "Name a new file, or remove the old one first.")
        case .noPacker:
            self.init(
                "Zip files need bsdtar.", why: "\(Zip.program) is not installed.",
                fix: "Install it (apt-get install libarchive-tools), or name a folder.")
        case .tooLarge:
            self.init(
                "The zip file is not unpacked.", why: "It holds far more than a set of proofs.",
                fix: "Unpack it by hand where there is room, and name the folder.")
        case .notStarted(let deed, let program):
            self.init(
                "The zip file cannot be \(deed.rawValue).", why: "\(program) does not start.",
                fix: "apt-get install libarchive-tools")
        case .ended(let deed, let status):
            self.init(
                "The zip file cannot be \(deed.rawValue).", why: "bsdtar ended with \(status).",
                fix: "Check the file, its permissions and free space.")
        }
    }
}
