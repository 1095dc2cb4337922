internal import Exchange
internal import Premises
internal import Statements
internal import Vocabulary

extension PartnerFacts {
    func members(_ partner: Partner) -> [(String, JSONText)] {
        [
            ("id", .text(partner.id.text)), ("name", .text(partner.card.name)),
            ("identity", .text(partner.fingerprint.hex)),
            (
                "telephone",
                .object(telephones(of: partner.id).map { ($0.what, .text($0.words)) })
            ),
            ("road", .text(road(to: partner))), ("serial", .number(partner.card.serial)),
            ("issuedAt", .time(partner.card.issuedAt)), ("validUntil", .time(partner.card.validUntil)),
            ("endsFirst", .time(end(of: partner))), ("daysLeft", .number(Words.days(from: now, to: end(of: partner)))),
        ]
    }
}
