import Foundation
import Law
import Policy
import Testing
import Vocabulary

/// The files under `Catalogue/`, read as an installation reads them.
enum Shipped {
    static func catalogue() throws -> Catalogue { try catalogueReading().get() }

    /// Read once: every test asks for it.
    static func catalogueReading() throws -> Reading<Catalogue> { try reading.get() }

    private static let reading = Result { try readCatalogue() }

    private static func readCatalogue() throws -> Reading<Catalogue> {
        let name = "catalogue-2026-11-30.yaml"
        return CatalogueReader.read(try bytes("../../Catalogue/\(name)"), file: name, sha256: try digest(1))
    }

    static func agreement(_ name: String) throws -> Reading<Agreement> {
        AgreementReader.read(
            try bytes("../../Catalogue/agreements/\(name)"), file: name, sha256: try digest(2),
            catalogue: try catalogue())
    }

    static func digest(_ byte: UInt8) throws -> Digest { try Digest([UInt8](repeating: byte, count: 32)) }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    /// A file, by its path from this folder.
    static func bytes(_ path: String) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        return [UInt8](try Data(contentsOf: URL(filePath: "/\(folder)/\(path)")))
    }
}
