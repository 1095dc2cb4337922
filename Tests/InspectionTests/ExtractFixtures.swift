import Foundation

@testable import Inspection

/// A folder for one test, removed after it.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "waybill-inspection-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

    /// A program that the machine runs with sh.
    func script(_ body: String) throws -> String {
        let path = path("program")
        try Data("#!/bin/sh\n\(body)\n".utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    func write(_ bytes: [UInt8]) throws -> String {
        let path = path("input")
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }
}

/// Files of other kinds, made by hand.
enum Fixture {
    /// A PDF (ISO 32000) without the table of contents that readers can do without, one page for each text.
    static func pdf(_ pages: [String], extra: String = "") -> [UInt8] {
        let kids = pages.indices.map { "\(10 + 2 * $0) 0 R" }.joined(separator: " ")
        var body = """
            %PDF-1.4
            1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
            2 0 obj<</Type/Pages/Kids[\(kids)]/Count \(pages.count)>>endobj
            3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj

            """
        for (index, text) in pages.enumerated() {
            let content = "BT /F1 12 Tf 50 100 Td (\(text)) Tj ET"
            body += """
                \(10 + 2 * index) 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 300]/Contents \(11 + 2 * index) 0 R\
                /Resources<</Font<</F1 3 0 R>>>>>>endobj
                \(11 + 2 * index) 0 obj<</Length \(content.utf8.count)>>stream
                \(content)
                endstream endobj

                """
        }
        return Array((body + "trailer<</Root 1 0 R\(extra)>>\n").utf8)
    }

    /// A zip archive without compression (APPNOTE 4.3).
    static func zip(_ members: [(name: String, content: String)]) -> [UInt8] {
        var files: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in members {
            let bytes = Array(content.utf8)
            let facts =
                [20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + little(crc32(bytes)) + little(UInt32(bytes.count))
                + little(UInt32(bytes.count)) + [UInt8(name.utf8.count), 0, 0, 0]
            directory += [0x50, 0x4B, 1, 2, 20, 0] + facts + [UInt8](repeating: 0, count: 10)
            directory += little(UInt32(files.count)) + Array(name.utf8)
            files += [0x50, 0x4B, 3, 4] + facts + Array(name.utf8) + bytes
        }
        let count = [UInt8(members.count), 0]
        return files + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
            + little(UInt32(directory.count)) + little(UInt32(files.count)) + [0, 0]
    }

    /// An Excel 5 workbook of one sheet: BIFF5 records ([MS-XLS]) in a compound file ([MS-CFB]).
    static func xls(_ cells: [String]) -> [UInt8] {
        func record(_ type: UInt16, _ body: [UInt8]) -> [UInt8] { short(type) + short(UInt16(body.count)) + body }
        let globals = record(0x0809, short(0x0500) + short(5) + short(0) + short(0)) + record(0x0A, [])
        var sheet = record(0x0809, short(0x0500) + short(0x10) + short(0) + short(0))
        for (row, text) in cells.enumerated() {
            let place = short(UInt16(row)) + short(0) + short(0)
            sheet += record(0x0204, place + short(UInt16(text.utf8.count)) + Array(text.utf8))
        }
        return compound("Book", globals + sheet + record(0x0A, []))
    }

    /// A Word 6 document: a file information block and the text at once behind it ([MS-DOC]).
    static func doc(_ text: String) -> [UInt8] {
        let block = short(0xA5EC) + short(0x65) + [UInt8](repeating: 0, count: 20)
        let place = little(512) + little(512 + UInt32(text.utf8.count))
        return compound("WordDocument", block + place + [UInt8](repeating: 0, count: 480) + Array(text.utf8))
    }

    /// PowerPoint slides: one atom of text and the end of the document ([MS-PPT]).
    static func ppt(_ text: String) -> [UInt8] {
        let atom = short(0) + short(0x0FA8) + little(UInt32(text.utf8.count)) + Array(text.utf8)
        return compound("PowerPoint Document", atom + short(0) + short(0x03EA) + little(0))
    }

    /// A compound file of version 3 with one stream, which is padded to the 4,096 bytes from which on streams have sectors
    /// of their own.
    private static func compound(_ name: String, _ stream: [UInt8]) -> [UInt8] {
        let sectors = max(8, (stream.count + 511) / 512)
        let (end, free, fat): (UInt32, UInt32, UInt32) = (0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFD)
        var header: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + [UInt8](repeating: 0, count: 16)
        header += short(0x3E) + short(3) + short(0xFFFE) + short(9) + short(6) + [UInt8](repeating: 0, count: 10)
        // One sector of allocation table (0), the directory in the next (1), no small streams, no more table.
        header += little(1) + little(1) + little(0) + little(4096) + little(end) + little(0) + little(end) + little(0)
        header += little(0) + (0..<108).flatMap { _ in little(free) }
        var table: [UInt32] = [fat, end] + (0..<UInt32(sectors)).map { $0 + 3 }
        table[table.count - 1] = end
        table += [UInt32](repeating: free, count: 128 - table.count)
        func entry(_ name: String, _ type: UInt8, child: UInt32, start: UInt32, size: UInt32) -> [UInt8] {
            let letters = name.utf16.flatMap(short)
            return letters + [UInt8](repeating: 0, count: 64 - letters.count) + short(UInt16(letters.count + 2))
                + [type, 1] + little(free) + little(free) + little(child) + [UInt8](repeating: 0, count: 36)
                + little(start) + little(size) + little(0)
        }
        var directory = entry("Root Entry", 5, child: 1, start: end, size: 0)
        directory += entry(name, 2, child: free, start: 2, size: UInt32(sectors * 512))
        directory += [UInt8](repeating: 0, count: 512 - directory.count)
        return header + table.flatMap(little) + directory + stream
            + [UInt8](repeating: 0, count: sectors * 512 - stream.count)
    }

    private static func short(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        let table = (0..<UInt32(256)).map { byte in
            (0..<8).reduce(byte) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        var crc = ~UInt32(0)
        for byte in bytes { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
        return ~crc
    }
}
