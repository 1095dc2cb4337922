package import Folders
package import Vocabulary

/// Looks into files. Two at a time, so that nothing else waits for it; others wait their turn. At most one of the two is a
/// large file, so that a small one never waits for large ones.
package struct Inspector: Sendable {
    private let table: WordTable
    private let toolbox: Toolbox
    private let limits: Limits
    private let turns = Turns(2)
    private let turnOfLarge = Turns(1)
    /// Bytes from which on a file is large.
    private static let large: Int64 = 1 << 20

    /// - Parameters:
    ///   - toolbox: `Toolbox.find()`, once for the life of the process.
    package init(_ table: WordTable, toolbox: Toolbox, limits: Limits = Limits()) {
        self.table = table
        self.toolbox = toolbox
        self.limits = limits
    }

    /// Looks into one file. Never throws and never takes longer than its limits allow: what could not be read is said in
    /// the outcome.
    ///
    /// - Parameters:
    ///   - file: Regular, open for reading. Its position is not moved.
    ///   - size: Bytes of the file that count.
    ///   - mediaType: What its sender says that it is, such as `text/csv`. A hint, as is `fileExtension` (without the dot).
    ///   - today: For what a birth date can be.
    package func inspect(
        _ file: SharedFile, size: Int64, mediaType: String, fileExtension: String, today: CalendarDate
    ) async -> Inspection {
        let source = FileSource(file: file, size: size)
        let hint = Hint(mediaType: mediaType, fileExtension: fileExtension)
        guard size >= Self.large else { return await inTurn(source, hint, today) }
        return await turnOfLarge.take { await inTurn(source, hint, today) }
    }

    private func inTurn(_ source: FileSource, _ hint: Hint, _ today: CalendarDate) async -> Inspection {
        await turns.take {
            let budget = Budget(limits.time(for: source.size))
            let stream = TextStream(source: source, toolbox: toolbox, limits: limits, budget: budget)
            let look = Look(stream: stream, table: table, today: today)
            return await withTaskCancellationHandler {
                await look.inspect(hint)
            } onCancel: {
                budget.cancel()
            }
        }
    }
}

/// What its sender says that a file is.
private struct Hint: Sendable {
    let mediaType: String
    /// Without the dot.
    let fileExtension: String
}

/// One look into one file.
private struct Look: Sendable {
    typealias Part = (outcome: Inspection.Outcome, tally: Tally)

    let stream: TextStream
    let table: WordTable
    let today: CalendarDate

    func inspect(_ hint: Hint) async -> Inspection {
        do {
            // One job, for all that is not read in halves.
            let begun = try await Blocking.run { begin(hint) }
            let (outcome, tally) =
                switch begun {
                case .whole(let part): part
                case .long(let start): try await halves(start)
                }
            return tally.inspection(outcome, table.lexicon)
        } catch {
            return Inspection(.notChecked("it was stopped before it began"))
        }
    }

    private enum Begun: Sendable {
        case whole(Part)
        /// A long plain text, and where it begins.
        case long(Int64)
    }

    private func begin(_ hint: Hint) -> Begun {
        let format = Format(
            head: stream.source.head(Format.headLength), mediaType: hint.mediaType, fileExtension: hint.fileExtension)
        if case .lines(let mark) = format, stream.source.size > stream.limits.slice { return .long(Int64(mark)) }
        return .whole(scan { stream.read(format, into: &$0) })
    }

    /// Both halves of a plain text at once. They part at the end of a line, over which no find reaches.
    private func halves(_ start: Int64) async throws -> Part {
        let middle = try await Blocking.run { stream.source.lineEnd(after: stream.source.size / 2) }
        async let first = Blocking.run { scan { stream.lines(start..<middle, into: &$0) } }
        async let second = Blocking.run { scan { stream.lines(middle..<stream.source.size, into: &$0) } }
        var (one, two) = try await (first, second)
        one.tally.merge(two.tally)
        if case .checked = one.outcome { one.outcome = two.outcome }
        return one
    }

    private func scan(_ read: (inout Scanner) -> Inspection.Outcome) -> Part {
        var scanner = Scanner(table, today: today)
        let outcome = read(&scanner)
        return (outcome, scanner.finish())
    }
}
