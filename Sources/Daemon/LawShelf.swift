internal import Envelope
package import Exchange
package import Policy
package import Settings

/// Loads the catalogue and the agreements of an installation.
package enum LawShelf {
    package static func load(_ folders: InstallationFolders) throws -> LawBook.Content {
        let catalogue = try catalogue(folders)
        return LawBook.Content(catalogue: catalogue, agreements: try agreements(folders, catalogue))
    }

    /// The newest by name where there are several: `catalogue-2026-11-22.yaml` comes before `catalogue-2027-01-01.yaml`.
    package static func catalogue(_ folders: InstallationFolders) throws -> Catalogue {
        guard let name = FileSystem.names(in: folders.catalogue).last(where: { $0.hasSuffix(".yaml") }) else {
            throw Trouble(
                "There is no catalogue.", why: "\(folders.catalogue) holds no .yaml file.",
                fix: "Copy the shipped catalogue there.")
        }
        let path = "\(folders.catalogue)/\(name)"
        let bytes = try FileSystem.read(path)
        return try CatalogueReader.read(bytes, file: path, sha256: SHA256.digest(bytes)).get()
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
