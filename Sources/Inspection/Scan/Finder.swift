internal import Vocabulary

/// Decides about the places that the fast loop proposes, in the order of the text.
struct Finder {
    /// Where the buffer's first byte stands in the text.
    var base = 0
    private(set) var tally: Tally
    private let today: CalendarDate
    private let counting: Range<Int>
    private let families: [Lexicon.Family]
    private var passages: [Passage]
    /// By identifier: where its last context word ended.
    private var contexts: [Int]
    /// Where the last identifier ended: no other begins before.
    private var identifiedUntil = Int.min

    init(_ table: WordTable, today: CalendarDate, counting: Range<Int>) {
        tally = Tally(table.lexicon)
        self.today = today
        self.counting = counting
        families = table.lexicon.families
        passages = families.map { _ in Passage() }
        contexts = IdentifierKind.allCases.map { _ in Int.min / 2 }
    }

    mutating func look(_ text: Span<UInt8>, _ start: Int, _ key: UInt32, _ table: borrowing WordTable) {
        if StartKey.hasDigit(key), base + start >= identifiedUntil { number(text, start, key, table) }
        for candidate in table.candidates(key) {
            let entry = table.entry(candidate)
            guard let end = WordMatch.end(of: entry, table, in: text, at: start) else { continue }
            switch entry.role {
            case .trap(let family): passages[family].coveredUntil = max(passages[family].coveredUntil, base + end)
            case .context(let kind): context(text, kind, end)
            case .word(let family, let weight):
                if entry.mayBeName, WordMatch.looksLikeName(text, start, end) { continue }
                word(table.id(candidate), of: family, weight: weight, start..<end)
            }
        }
    }

    private mutating func word(_ word: Int, of family: Int, weight: Int, _ place: Range<Int>) {
        let position = base + place.lowerBound
        guard position >= passages[family].coveredUntil else { return }
        passages[family].coveredUntil = base + place.upperBound
        let sum = passages[family].add(word, weight: weight, at: position, window: families[family].window)
        guard counting.contains(position) else { return }
        tally.families[family].hits += 1
        tally.families[family].peak = max(tally.families[family].peak, sum)
    }

    private mutating func context(_ text: Span<UInt8>, _ kind: Int, _ end: Int) {
        contexts[kind] = max(contexts[kind], base + end)
        guard kind == IdentifierKind.birthDate.index, counting.contains(base + end - 1) else { return }
        let next = text.byte(end) == UInt8(ascii: "\"") ? end + 1 : end
        if [Bytes.nul, UInt8(ascii: ","), 0x09, 0x0a, 0x0d].contains(text.byte(next)) { tally.birthColumns += 1 }
    }

    private mutating func number(
        _ text: Span<UInt8>, _ start: Int, _ key: UInt32, _ table: borrowing WordTable
    ) {
        if StartKey.beginsWithDigit(key) {
            if text.byte(start - 1) == Bytes.dot || text.byte(start - 1) == Bytes.slash, text.isDigit(start - 2) {
                return
            }
            digits(text, start, table)
        } else {
            letters(text, start, table)
        }
    }

    /// Those that begin with a digit; the first that fits is it.
    private mutating func digits(_ text: Span<UInt8>, _ start: Int, _ table: borrowing WordTable) {
        switch text.digits(start, most: 13) {
        case 1: birthDate(text, start, table)
        case 2:
            if let end = ArrestSummonsNumber.end(in: text, at: start) {
                found(.arrestSummons, text, start..<end, table, alone: .medium)
            } else if let end = PoliceComputerID.end(in: text, at: start) {
                found(.policeComputerID, text, start..<end, table, alone: .medium)
            } else if let end = ProsecutionNumber.end(in: text, at: start) {
                found(.prosecutionNumber, text, start..<end, table, alone: .low)
            } else if text.byte(start + 2) == Bytes.hyphen, bankAccount(text, start, table) {
                return
            } else if !phone(text, start, table) {
                birthDate(text, start, table)
            }
        case 3:
            if let end = NHSNumber.end(in: text, at: start) {
                patient(text, start, end, table)
            } else {
                _ = phone(text, start, table)
            }
        case 4:
            if let end = PoliceComputerID.end(in: text, at: start) {
                found(.policeComputerID, text, start..<end, table, alone: .medium)
            } else if let end = ArrestSummonsNumber.end(in: text, at: start) {
                found(.arrestSummons, text, start..<end, table, alone: .medium)
            } else if !phone(text, start, table) {
                birthDate(text, start, table)
            }
        case 5: _ = phone(text, start, table)
        case 6:
            if let end = CriminalRecordNumber.end(in: text, at: start) {
                found(.criminalRecord, text, start..<end, table, alone: .medium)
            } else if !bankAccount(text, start, table), hasContext(.schoolNumber, text, start..<start + 6, table) {
                found(.schoolNumber, text, start..<start + 6, table, alone: .low)
            }
        case 10: tenDigits(text, start, table)
        case 11, 12: _ = phone(text, start, table)
        default: break
        }
    }

    private mutating func letters(_ text: Span<UInt8>, _ start: Int, _ table: borrowing WordTable) {
        if let end = PupilNumber.end(in: text, at: start) {
            found(.pupilNumber, text, start..<end, table, alone: .medium)
        } else if let end = CriminalRecordNumber.end(in: text, at: start) {
            found(.criminalRecord, text, start..<end, table, alone: .medium)
        } else if let end = InsuranceNumber.end(in: text, at: start) {
            found(.insuranceNumber, text, start..<end, table, alone: .low)
        } else if let end = PrisonNumber.end(in: text, at: start) {
            found(.prisonNumber, text, start..<end, table, alone: .low)
        } else if let end = ProbationNumber.end(in: text, at: start) {
            found(.probationNumber, text, start..<end, table, alone: .low)
        } else if let end = Postcode.end(in: text, at: start) {
            found(.postcode, text, start..<end, table, alone: .low)
        }
    }

    private mutating func tenDigits(_ text: Span<UInt8>, _ start: Int, _ table: borrowing WordTable) {
        guard isFree(text, start + 10) else { return }
        if counting.contains(base + start) { tally.tenDigits += 1 }
        if let end = NHSNumber.end(in: text, at: start) {
            patient(text, start, end, table)
        } else if let end = LearnerNumber.end(in: text, at: start) {
            found(.learnerNumber, text, start..<end, table, alone: .medium)
        } else {
            _ = phone(text, start, table)
        }
    }

    /// After "tel" ten digits that pass are chance.
    private mutating func patient(_ text: Span<UInt8>, _ start: Int, _ end: Int, _ table: borrowing WordTable) {
        let (tel, nhs) = (contexts[IdentifierKind.phone.index], contexts[IdentifierKind.nhsNumber.index])
        if tel >= base + start - IdentifierKind.phone.contextReach, tel > nhs { return }
        if end - start == 12, isFree(text, end), counting.contains(base + start) { tally.tenDigits += 1 }
        found(.nhsNumber, text, start..<end, table, alone: .medium)
    }

    private mutating func phone(_ text: Span<UInt8>, _ start: Int, _ table: borrowing WordTable) -> Bool {
        guard let end = PhoneNumber.end(in: text, at: start) else { return false }
        if text.byte(start) != UInt8(ascii: "0"), text.byte(start - 1) != UInt8(ascii: "+") { return false }
        return found(.phone, text, start..<end, table, alone: .low)
    }

    /// Words may stand between the sort code and the account number.
    private mutating func bankAccount(_ text: Span<UInt8>, _ start: Int, _ table: borrowing WordTable) -> Bool {
        guard let (sortCode, after) = BankAccount.sortCode(text, start) else { return false }
        var index = after
        while index < after + 28, !text.isDigit(index), text.byte(index) != Bytes.nul { index += 1 }
        guard index > after, text.digits(index, most: 9) == 8, let account = text.number(index, 8),
            !BankAccount.isKnownWrong(sortCode, account)
        else { return false }
        let isChecked = BankAccount.isChecked(sortCode)
        guard isChecked || hasContext(.bankAccount, text, start..<index + 8, table) else { return false }
        return found(.bankAccount, text, start..<index + 8, table, alone: isChecked ? .medium : .low)
    }

    private mutating func birthDate(_ text: Span<UInt8>, _ start: Int, _ table: borrowing WordTable) {
        guard let (end, day) = BirthDate.read(in: text, at: start, today: today), isFree(text, end) else { return }
        let isChild = BirthDate.isChild(day, today: today)
        guard hasContext(.birthDate, text, start..<end, table) else {
            guard counting.contains(base + start) else { return }
            tally.bareDates += 1
            tally.bareChildDates += isChild ? 1 : 0
            return
        }
        count(.birthDate, .high, start)
        if isChild { count(.childBirthDate, .high, start) }
        identifiedUntil = base + end
    }

    /// Counts what stands free; a context word lifts its confidence by one.
    @discardableResult
    private mutating func found(
        _ kind: IdentifierKind, _ text: Span<UInt8>, _ place: Range<Int>, _ table: borrowing WordTable,
        alone: Inspection.Confidence
    ) -> Bool {
        guard isFree(text, place.upperBound) else { return false }
        let isSure = hasContext(kind, text, place, table)
        let lifted: Inspection.Confidence = alone == .low ? .medium : .high
        count(kind, isSure && kind != .schoolNumber ? lifted : alone, place.lowerBound)
        identifiedUntil = base + place.upperBound
        return true
    }

    private mutating func count(_ kind: IdentifierKind, _ confidence: Inspection.Confidence, _ start: Int) {
        if counting.contains(base + start) { tally.add(kind, confidence) }
    }

    /// Whether nothing follows that would make it part of something longer.
    private func isFree(_ text: Span<UInt8>, _ end: Int) -> Bool {
        let next = text.byte(end)
        if Bytes.isAlphanumeric(next) { return false }
        return !([Bytes.hyphen, Bytes.slash, Bytes.dot].contains(next) && text.isDigit(end + 1))
    }

    /// A word of the kind within reach before the identifier, or right after it.
    private func hasContext(
        _ kind: IdentifierKind, _ text: Span<UInt8>, _ place: Range<Int>, _ table: borrowing WordTable
    ) -> Bool {
        if contexts[kind.index] >= base + place.lowerBound - kind.contextReach { return true }
        var next = place.upperBound
        while next < place.upperBound + 3, !Bytes.isAlphanumeric(text.byte(next)) { next += 1 }
        var key: UInt32 = 0
        for index in next..<next + 4 { key = key << 5 | table.kinds[Int(text.byte(index))] }
        for candidate in table.candidates(key) {
            let entry = table.entry(candidate)
            if entry.role == .context(kind.index), WordMatch.end(of: entry, table, in: text, at: next) != nil {
                return true
            }
        }
        return false
    }
}
