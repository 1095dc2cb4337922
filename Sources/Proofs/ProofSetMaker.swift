internal import Envelope
internal import Foundation
package import Ledger
internal import Reports
package import Vocabulary

/// Writes a set of proofs into a folder, one delivery at a time; what is not proved is listed with the reason.
package final class ProofSetMaker {
    private let maker: ProofMaker
    private let folder: String
    private let now: Instant
    private let list: Foundation.FileHandle
    /// Of the list as far as it is written.
    private var hash = SHA256Stream()
    private var index: ProofIndex
    package private(set) var proved = 0
    package private(set) var unproved = 0

    /// - Parameters:
    ///   - folder: new or empty.
    ///   - title: what was asked for, for people.
    /// Throws `ProofTrouble.notEmpty`, and what making files throws.
    package init(_ maker: ProofMaker, folder: String, title: String, at now: Instant) throws {
        (self.maker, self.folder, self.now) = (maker, folder, now)
        let sums = "\(folder)/\(ProofSet.sums)"
        let manager = FileManager.default
        if manager.fileExists(atPath: folder), try !manager.contentsOfDirectory(atPath: folder).isEmpty {
            throw ProofTrouble.notEmpty
        }
        try manager.createDirectory(atPath: "\(folder)/\(ProofSet.folder)", withIntermediateDirectories: true)
        _ = manager.createFile(atPath: sums, contents: nil)
        list = try Foundation.FileHandle(forWritingTo: URL(filePath: sums))
        index = ProofIndex(title: title, prover: maker.us, at: now)
    }

    /// Throws `ProofTrouble.folder`, and what the ledger and the folder throw.
    package func add(_ record: ConsignmentRecord) async throws {
        do {
            let made = try await maker.make(record, at: now)
            let number = String(proved + 1)
            let zeros = String(repeating: "0", count: max(0, 4 - number.count))
            let name = "\(ProofSet.folder)/\(zeros)\(number)-\(record.key.id)"
            try made.files.write(to: "\(folder)/\(name)")
            for inner in made.files.names { try note("\(name)/\(inner)", made.files[inner] ?? []) }
            index.add(record, made.report, in: name)
            proved += 1
        } catch let objection as ProofObjection {
            index.add(record, why: "\(objection.what) \(objection.why)")
            unproved += 1
        } catch let trouble as ProofTrouble {
            if case .folder = trouble { throw trouble }
            index.add(record, why: "\(trouble)")
            unproved += 1
        }
    }

    /// The files at the top, the list and its signature; that last, so that a set cut short never looks whole.
    package func finish() throws {
        let top: [(String, [UInt8])] = [
            (ProofSet.readme, Array(index.readme.utf8)), (ProofSet.index, Array(index.html.utf8)),
            (ProofSet.table, Array(index.table.utf8)), (ProofSet.card, maker.card),
            (ProofSet.script, ProofSet.verifyScript),
        ]
        for (name, bytes) in top {
            try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"), options: .withoutOverwriting)
            try note(name, bytes)
        }
        try list.synchronize()
        try list.close()
        let signed = try maker.sign(ProofSet.seal(digest()), at: now)
        try Data(signed).write(
            to: URL(filePath: "\(folder)/\(ProofSet.signature)"), options: .withoutOverwriting)
    }

    /// Nothing is noted any more after that.
    private func digest() -> Digest {
        let whole = exchange(&hash, with: SHA256Stream())
        return whole.finish()
    }

    private func note(_ name: String, _ bytes: [UInt8]) throws {
        let line = Array("\(SHA256.digest(bytes).hex)  \(name)\n".utf8)
        try list.write(contentsOf: Data(line))
        hash.update(line.span)
    }
}

/// What the top of a set tells: a table for people, one for spreadsheets, and a README.
struct ProofIndex {
    private static let names = [
        "folder", "id", "direction", "partner", "name", "size", "sha256", "sentAt", "answeredAt", "answer",
        "countersignedAt", "stampedAt", "state", "why",
    ]

    private let title: String
    private let prover: Card
    private let now: Instant
    private var rows = ""
    private var lines = CSV.line(names) + "\n"
    private var counts = (proved: 0, unproved: 0)

    init(title: String, prover: Card, at now: Instant) { (self.title, self.prover, self.now) = (title, prover, now) }

    mutating func add(_ record: ConsignmentRecord, _ report: ProofReport, in folder: String) {
        counts.proved += 1
        let answered = report.receipt?.signedAt ?? report.refusal?.signedAt
        let answer = report.receipt == nil ? "refusal" : "receipt"
        let seen = report.countersigned.map { "countersigned within the second \(ProofReport.second($0))" }
        let stamp = report.stamped.map { "stamped within the second \(ProofReport.second($0))" }
        let state = report.isProved ? "proved" : "claimed"
        let since = report.since.isEmpty ? nil : "since: " + report.since.map(\.word).joined(separator: ", ")
        row([
            record.name ?? "", way(record), Self.both(report.waybill?.signedAt),
            "\(answer), \(Self.both(answered))", record.sha256?.hex ?? "",
            ["\(state): \(folder)", seen ?? "the prover's word only", stamp, since].compactMap { $0 }
                .joined(separator: "; "),
        ])
        var line = Line(record, state: state, why: since ?? "")
        (line.folder, line.answer) = (folder, answer)
        line.times = [report.waybill?.signedAt, answered].map { $0?.description ?? "" }
        line.seen = [report.countersigned, report.stamped].map { $0.map(ProofReport.second) ?? "" }
        lines += line.text
    }

    mutating func add(_ record: ConsignmentRecord, why: String) {
        counts.unproved += 1
        row([
            record.name ?? "(erased)", way(record), Self.both(record.sentAt ?? record.claimedAt), "",
            record.sha256?.hex ?? "",
            "NOT PROVED (\(record.state.rawValue)): \(why)",
        ])
        var line = Line(record, state: "not proved: \(record.state.rawValue)", why: why)
        line.times[0] = record.sentAt?.description ?? ""
        lines += line.text
    }

    private func way(_ record: ConsignmentRecord) -> String {
        (record.key.direction == .sent ? "to " : "from ") + record.key.partner.text
    }

    private static func both(_ instant: Instant?) -> String {
        instant.map { "\($0) UTC (London: \(LondonTime.text($0)))" } ?? ""
    }

    private mutating func row(_ cells: [String]) {
        rows += "<tr>" + cells.map { "<td>\(HTML.escaped($0))</td>" }.joined() + "</tr>\n"
    }

    /// Of the table for spreadsheets.
    private struct Line {
        let record: ConsignmentRecord
        let state: String
        let why: String
        var folder = ""
        /// Sent, answered.
        var times = ["", ""]
        var answer = ""
        /// Countersigned, stamped.
        var seen = ["", ""]

        init(_ record: ConsignmentRecord, state: String, why: String) {
            (self.record, self.state, self.why) = (record, state, why)
        }

        var text: String {
            let key = record.key
            let who = [folder, key.id.text, key.direction.rawValue, key.partner.text]
            let file = [record.name ?? "", String(record.size), record.sha256?.hex ?? ""]
            return CSV.line(who + file + times + [answer] + seen + [state, why]) + "\n"
        }
    }

    var table: String { lines }

    private var summary: String {
        "\(title). Made by \(prover.name) (\(prover.id)) on \(Self.both(now)). \(counts.proved) proved, "
            + "\(counts.unproved) not proved, as listed."
    }

    private static let claims = [
        "Of each delivery marked as proved: what its own record.html says, which can be printed and checked by itself.",
        "Of each marked as claimed: that the signatures hold. Nobody but whoever made this set has seen it so far.",
        "That nobody has added, changed or taken away a file since it was made.",
    ]
    private static let limits = [
        "That the list is complete, or why something is not proved: that is the word of whoever made this set.",
        "That anybody has read the files, or that the sharing was lawful.",
    ]

    var html: String {
        HTML.page(
            title: "Deliveries with proofs",
            style: """
                @page { size: A4 landscape } body { max-width: none; font-size: 8pt }
                tr:first-child td { font-weight: 600 }

                """,
            """
            <h1>Deliveries with proofs</h1>
            <p>\(HTML.escaped(summary))</p>
            <table>
            <tr><td>File</td><td>With</td><td>Sent</td><td>Answered</td><td>SHA-256</td><td>State</td></tr>
            \(rows)</table>
            <h2>What this proves</h2>
            <ul>
            \(HTML.items(Self.claims))</ul>
            <h2>What it does not prove</h2>
            <ul>
            \(HTML.items(Self.limits))</ul>
            <h2>How to check it</h2>
            <p>With verify.sh from Waybill's published documentation, and the fingerprints that the agencies gave you \
            by another way:</p>
            <pre>sh verify.sh FOLDER --identity FINGERPRINT --identity FINGERPRINT</pre>

            """)
    }

    var readme: String {
        """
        DELIVERIES WITH PROOFS

        \(summary)

        index.html    the list, to be read and printed
        index.csv     the same for a spreadsheet
        deliveries/   one folder for each: a whole proof, with its own README.txt and record.html
        SHA256SUMS    the digest of every file; SHA256SUMS.p7s signs the digest of that list
        prover.card   the card of whoever made this set

        WHAT THIS PROVES

        \(Self.claims.map { "- \($0)" }.joined(separator: "\n"))

        WHAT IT DOES NOT PROVE

        \(Self.limits.map { "- \($0)" }.joined(separator: "\n"))

        HOW TO CHECK IT

        1. Get verify.sh from Waybill's published documentation, not from this folder.
        2. Ask the agencies for the fingerprints of their identity keys (they run: waybill card --fingerprint).
        3. On any computer with sh, coreutils and openssl 3.0 or later, with as many as you have:

               sh verify.sh FOLDER --identity FINGERPRINT --identity FINGERPRINT

           It checks the list and then each proof, and names the first thing that does not hold.
           With Waybill installed: waybill verify FOLDER --identity FINGERPRINT --identity FINGERPRINT

        """
    }
}
