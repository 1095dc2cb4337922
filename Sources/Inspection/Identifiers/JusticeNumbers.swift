/// Prison number (NOMIS): `A1234AA`. No check digit.
package enum PrisonNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard text.capital(start) != nil, text.number(start + 1, 4) != nil, text.capital(start + 5) != nil,
            text.capital(start + 6) != nil
        else { return nil }
        return start + 7
    }
}

/// Case reference number of probation: `X123456`. No check digit.
package enum ProbationNumber: Identifier {
    package static func end(in text: Span<UInt8>, at start: Int) -> Int? {
        guard text.capital(start) != nil, text.number(start + 1, 6) != nil else { return nil }
        return start + 7
    }
}
