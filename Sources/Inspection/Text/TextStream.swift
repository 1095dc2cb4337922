internal import Folders

/// From a file to its text, on the thread of the caller. Whatever the file holds and whatever an extractor does, it ends
/// within its budget with an outcome.
struct TextStream {
    let source: FileSource
    let toolbox: Toolbox
    let limits: Limits
    let budget: Budget

    /// Feeds the text of the whole file to `sink`.
    func read<Sink: TextSink & ~Copyable>(_ format: Format, into sink: inout Sink) -> Inspection.Outcome {
        switch format {
        case .text(var reader, let mark): read(Int64(mark)..<source.size, &reader, &sink)
        case .lines(let mark): lines(Int64(mark)..<source.size, into: &sink)
        case .mail: mail(&sink)
        case .extracted(let extractor): extract(extractor, &sink)
        case .closed(let why): .notChecked(why)
        }
    }

    /// A part of a plain text.
    func lines<Sink: TextSink & ~Copyable>(_ range: Range<Int64>, into sink: inout Sink) -> Inspection.Outcome {
        var reader = LeafReader.plain()
        return read(range, &reader, &sink)
    }

    private func read<Sink: TextSink & ~Copyable>(
        _ range: Range<Int64>, _ reader: inout some TextReader, _ sink: inout Sink, stopsEarly: Bool = true
    ) -> Inspection.Outcome {
        guard !range.isEmpty else { return .checked }
        let ending = source.read(range, within: budget) { piece in
            reader.read(piece, into: &sink)
            return !(stopsEarly && sink.isSaturated)
        }
        reader.end(into: &sink)
        return switch ending {
        case .end: .checked
        case .trouble: .partly("a part of the file could not be read from the disk")
        case .stopped(let stop): .partly(stop.sentence)
        }
    }

    private func mail<Sink: TextSink & ~Copyable>(_ sink: inout Sink) -> Inspection.Outcome {
        var reader = MailReader()
        // To its end, for the attachments that are not read are counted.
        let outcome = read(0..<source.size, &reader, &sink, stopsEarly: false)
        guard case .checked = outcome, reader.unread > 0 else { return outcome }
        return .partly(
            reader.unread == 1 ? "one attachment is not read" : "\(reader.unread) attachments are not read")
    }

    // MARK: By an extractor

    private func extract<Sink: TextSink & ~Copyable>(_ extractor: Extractor, _ sink: inout Sink) -> Inspection.Outcome {
        guard let program = toolbox.programs[extractor] else { return .notChecked(extractor.missing) }
        guard let confinement = toolbox.confinement else { return .notChecked(Toolbox.noConfinement) }
        var reader = extractor.reader
        var hasText = false
        var pages = PageCount()
        let ending = run([program] + extractor.arguments, confinement) { piece in
            hasText = hasText || piece.hasText
            if extractor == .pdf { pages.read(piece) }
            reader.read(piece, into: &sink)
        }
        guard let ending else { return .notChecked("\(extractor.rawValue) could not be started") }
        reader.end(into: &sink)
        let outcome = outcome(of: ending, extractor, hasText)
        guard case .checked = outcome else { return outcome }
        if pages.empty > 0 { return .partly(pages.sentence) }
        return holdsUnread(extractor, program, confinement)
            ? .partly("pictures or files inside it are not read") : outcome
    }

    /// Nil if it could not be started.
    private func run(
        _ command: [String], _ confinement: Confinement, _ take: (Span<UInt8>) -> Void
    ) -> Subprocess.Ending<Budget.Stop>? {
        guard let input = try? source.file.handle.reopened() else { return nil }
        return confinement.start(command, limits, input: input)?
            .read(limit: limits.text, until: { budget.stop }, take)
    }

    /// By the names in an archive, which go no further. If they cannot be listed, what was read is not all.
    private func holdsUnread(_ extractor: Extractor, _ program: String, _ confinement: Confinement) -> Bool {
        guard let listing = extractor.listing else { return false }
        var watch = WordWatch(Extractor.unread)
        guard case .exited(0) = run([program] + listing, confinement, { watch.read($0) }) else { return true }
        return watch.isFound
    }

    private func outcome(
        of ending: Subprocess.Ending<Budget.Stop>, _ extractor: Extractor, _ hasText: Bool
    ) -> Inspection.Outcome {
        switch ending {
        case .exited(0):
            let isPictures = extractor == .pdf && !hasText
            return isPictures ? .notChecked("it holds no text, only pictures") : .checked
        case .exited, .signalled: return stopped(extractor.failed, hasText)
        case .stopped(let stop): return stopped(stop.sentence, hasText)
        case .tooMuch: return .partly("only the first \(limits.text >> 20) MiB of its text are read")
        }
    }

    private func stopped(_ why: String, _ hasText: Bool) -> Inspection.Outcome {
        hasText ? .partly(why) : .notChecked(why)
    }
}

extension Span<UInt8> {
    /// Whether any byte is no white space.
    var hasText: Bool {
        for index in indices where self[index] > 0x20 { return true }
        return false
    }
}
