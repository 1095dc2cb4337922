internal import FoundationEssentials

/// The files of a proof, whole in memory: statements and ledger entries, never the delivered file.
package struct ProofFiles: Sendable {
    /// No file of a proof comes near; a larger one is not read.
    private static let greatestSize = 1 << 20
    private static let greatestCount = 4096

    /// By name relative to the folder, such as `entries/42.leaf`. Names that are no part of a proof are kept too, so
    /// that the verifier can object to them; what is not a readable regular file is empty.
    private(set) var bytes: [String: [UInt8]]

    init(_ bytes: [String: [UInt8]]) { self.bytes = bytes }

    package subscript(_ name: String) -> [UInt8]? { bytes[name] }
    package var names: [String] { bytes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    mutating func add(_ name: String, _ content: [UInt8]) { bytes[name] = content }

    func require(_ name: String) throws(ProofFault) -> [UInt8] {
        guard let content = bytes[name] else { throw ProofFault(name, "is missing") }
        return content
    }

    /// Reads a folder. Throws `.folder`.
    package init(folder path: String) throws(ProofTrouble) {
        bytes = [:]
        for name in try Self.names(in: path) {
            let inner = ProofName.folders.contains(name) && Self.kind(path + "/" + name) == .typeDirectory
            let names = inner ? try Self.names(in: path + "/" + name).map { name + "/" + $0 } : [name]
            for name in names { bytes[name] = Self.content(of: path + "/" + name) }
            guard bytes.count <= Self.greatestCount else { throw .folder("it holds far too many files") }
        }
    }

    /// Reads these files of a folder, those that are there.
    init(reading names: [String], in path: String) {
        bytes = [:]
        for name in names where Self.kind(path + "/" + name) == .typeRegular {
            bytes[name] = Self.content(of: path + "/" + name)
        }
    }

    /// Writes all, into a folder that is new or empty; the signature last, so that a proof cut short never looks whole.
    package func write(to path: String) throws(ProofTrouble) {
        let manager = FileManager.default
        if manager.fileExists(atPath: path) {
            guard try Self.names(in: path).isEmpty else { throw .notEmpty }
        }
        do {
            for folder in ProofName.folders where names.contains(where: { $0.hasPrefix(folder + "/") }) {
                try manager.createDirectory(atPath: path + "/" + folder, withIntermediateDirectories: true)
            }
            for name in names where name != ProofName.sumsSignature { try write(name, below: path) }
            try write(ProofName.sumsSignature, below: path)
        } catch {
            throw .folder(Self.reason(error))
        }
    }

    private func write(_ name: String, below path: String) throws {
        try Data(bytes[name] ?? []).write(to: URL(filePath: path + "/" + name), options: .withoutOverwriting)
    }

    static func names(in path: String) throws(ProofTrouble) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw .folder(Self.reason(error))
        }
    }

    /// Without the path: it may name a person.
    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "it does not exist"
        case .fileReadNoPermission, .fileWriteNoPermission: "permission is denied"
        case .fileWriteOutOfSpace: "there is no space left"
        case .fileWriteFileExists: "a file is in the way"
        default: "the system refused"
        }
    }

    private static func kind(_ path: String) -> FileAttributeType? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
    }

    private static func content(of path: String) -> [UInt8] {
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        guard facts?[.type] as? FileAttributeType == .typeRegular, let size = facts?[.size] as? UInt64,
            size <= greatestSize
        else { return [] }
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) } ?? []
    }
}
