import Envelope
import Exchange
import ExchangeTesting
import Folders
import Foundation
import Ledger
import Statements
import Testing
import Transport
import Vocabulary

extension ArrivalTests.Scene {
    /// A signature with one bit changed.
    func damaged(_ parcel: Parcelled) throws -> [UInt8] {
        var signed = try parcel.signed()
        signed[signed.count - 3] ^= 1
        return signed
    }

    /// stockton with a card that retires one of its keys.
    func partner(retiring retired: Card.Retired) throws -> Partner {
        let issuer = try Issuer(
            agency: stockton.id, key: stockton.keys.identity.key(), identity: stockton.keys.identity.certificate)
        let fresh = try issuer.issue(.signing, for: PrivateKey.generate(.p256).publicKey, now: Clock.start, days: 400)
        let keys = stockton.keys
        let certificates = [(Role.signing, fresh), (.sealing, keys.sealing.certificate), (.tls, keys.tls.certificate)]
        let card = try Card(
            id: stockton.id, name: "Stockton", address: "", serial: 2, previous: nil, issuedAt: Clock.start,
            validUntil: Clock.start.adding(seconds: 86_400),
            certificates: certificates.map { Card.RoleCertificate(role: $0.0, der: $0.1.der) }, retired: [retired],
            versions: [])
        let signed = try StatementSigner(identityKey: keys.identity.key(), identity: keys.identity.certificate)
            .sign(card.encoded, at: Clock.start)
        return try CardReader.verify(signed, pinned: keys.identity.certificate.fingerprint, at: Clock.start)
    }
}

extension Waybill {
    func named(_ id: ConsignmentID) -> Waybill {
        Waybill(
            id: id, parties: parties, signedAt: signedAt, bind: bind, file: file, partSize: partSize, label: label,
            submittedBy: submittedBy)
    }

    func addressed(to other: TestAgency) -> Waybill {
        Waybill(
            id: id,
            parties: Parties(
                from: parties.from, to: other.id, fromIdentity: parties.fromIdentity,
                toIdentity: other.keys.identity.certificate.fingerprint), signedAt: signedAt, bind: bind, file: file,
            partSize: partSize, label: label, submittedBy: submittedBy)
    }
}
