import Envelope
import Folders
import Vocabulary

extension Door {
    /// The reader under every statement, in its three measures.
    static let json = Door("json", longest: 4096, share: 110) { bytes in
        let kept = try JSON(kept: bytes)
        try promise(kept.encoded == bytes, "JSON is written back as it was read")
        if let request = try? JSON(request: bytes) {
            try promise(request.encoded == bytes, "a request is written back as it was read")
            try promisePlain(request, lines: true)
        }
        let statement = try JSON(parsing: bytes)
        try promise(statement.encoded == bytes, "a statement is written back as it was read")
        try promisePlain(statement, lines: true)
    }

    /// Waybills, receipts, refusals, withdrawals and all that is said later, as they stand inside a signature.
    static let statement = Door("statement", longest: 8192, share: 80) { bytes in
        if let waybill = try? Waybill(parsing: bytes) { return try look(at: waybill, bytes) }
        let readers: [([UInt8]) throws -> [UInt8]] = [
            { try Receipt(parsing: $0).encoded }, { try Refusal(parsing: $0).encoded },
            { try Withdrawal(parsing: $0).encoded }, { try LaterStatement(parsing: $0).encoded },
        ]
        guard let again = readers.lazy.compactMap({ try? $0(bytes) }).first else { throw Refused() }
        try promise(again == bytes, "a statement is written back as it was read")
        try promisePlain(JSON(parsing: bytes), lines: true)
    }

    private static func look(at waybill: Waybill, _ bytes: [UInt8]) throws {
        try promise(waybill.encoded == bytes, "a waybill is written back as it was read")
        try promise(waybill.label.refusal == nil, "a label that was read is one that can be sent")
        try promise(Label(waybill.label.json) == waybill.label, "a label is written back as it was read")
        try promise(FileName(SafeName.forInbox(waybill.file.name)) != nil, "every file has a name in the inbox")
        let (count, size) = (waybill.partCount, waybill.file.size)
        guard count > 0 else { return try promise(size == 0, "only an empty file has no parts") }
        let last = waybill.partSize.length(of: count, size: size)
        try promise((1...waybill.partSize.bytes).contains(last), "the last part is a part")
    }

    /// Cards inside their signature, and the certificates that they bring.
    static let card = Door("card", longest: 8192, share: 40) { bytes in
        let card = try Card(parsing: bytes)
        try promise(card.encoded == bytes, "a card is written back as it was read")
        try promisePlain(card.name, lines: false, "an agency's name")
        try promisePlain(card.address, lines: false, "an address")
        for certificate in card.certificates { _ = try? Certificate(der: certificate.der) }
    }
}
