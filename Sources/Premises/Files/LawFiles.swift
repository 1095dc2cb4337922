internal import Envelope
package import Inspection
package import Law
package import Policy
package import Settings

/// Loads the catalogue and the agreements of an installation.
package enum LawFiles {
    package static func load(_ folders: InstallationFolders) throws -> LoadedLaw.Content {
        let catalogue = try catalogue(folders)
        return LoadedLaw.Content(catalogue: catalogue, agreements: try agreements(folders, catalogue))
    }

    /// The newest by name where there are several: `catalogue-2026-11-22.yaml` comes before `catalogue-2027-01-01.yaml`,
    /// and one without a date, as older installations have it, before both.
    package static func catalogue(_ folders: InstallationFolders) throws -> Catalogue {
        let names = try FileSystem.names(in: folders.catalogue).filter {
            $0.hasSuffix(".yaml") && !$0.hasPrefix(wordsPrefix)
        }
        guard let name = names.filter({ $0 != "catalogue.yaml" }).max() ?? names.first else {
            throw Trouble(
                "There is no catalogue.", why: "\(folders.catalogue) holds no .yaml file.",
                fix: "Copy the shipped catalogue there.")
        }
        let path = "\(folders.catalogue)/\(name)"
        let bytes = try FileSystem.read(path)
        return try CatalogueReader.read(bytes, file: path, sha256: SHA256.digest(bytes)).get()
    }

    private static let wordsPrefix = "words-"

    /// The words of the content check, the newest by name; nil where there are none.
    package static func words(_ folders: InstallationFolders) throws -> Lexicon? {
        let names = try FileSystem.names(in: folders.catalogue)
        guard let name = names.filter({ $0.hasPrefix(wordsPrefix) && $0.hasSuffix(".yaml") }).max() else { return nil }
        let path = "\(folders.catalogue)/\(name)"
        return try LexiconReader.read(try FileSystem.read(path), file: path).get()
    }

    package static func agreements(_ folders: InstallationFolders, _ catalogue: Catalogue) throws -> [Agreement] {
        try FileSystem.names(in: folders.agreements).filter { $0.hasSuffix(".yaml") }.map { name in
            try read("\(folders.agreements)/\(name)", catalogue).get()
        }
    }

    package static func read(_ path: String, _ catalogue: Catalogue) throws -> Reading<Agreement> {
        let bytes = try FileSystem.read(path)
        return AgreementReader.read(bytes, file: path, sha256: SHA256.digest(bytes), catalogue: catalogue)
    }
}
