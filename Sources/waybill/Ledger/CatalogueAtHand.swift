internal import Daemon
internal import Envelope
internal import Policy
internal import Settings

/// The catalogue of the installation, else the shipped one: an agreement may be checked before there is an installation.
enum CatalogueAtHand {
    static func load(_ installation: InstallationOptions) throws -> Catalogue {
        if let premises = try? installation.premises() { return try LawShelf.catalogue(premises.folders) }
        let bytes = Shipped.catalogue
        return try CatalogueReader.read(bytes, file: "the shipped catalogue", sha256: SHA256.digest(bytes)).get()
    }
}
