internal import Envelope
internal import Exchange
internal import Foundation
internal import Law
internal import Policy
internal import Premises
internal import Settings
internal import Vocabulary

/// The law of the installation, else the law that Waybill ships: a file may be checked before there is an installation.
enum LawAtHand {
    /// Nil where there is no installation and none was named: then the shipped law stands in.
    static func premises(_ installation: InstallationOptions) throws -> InstalledAgency? {
        let isNamed = installation.configuration != nil || ProcessInfo.processInfo.environment["WAYBILL_CONFIG"] != nil
        return isNamed ? try installation.premises() : try? installation.premises()
    }

    static func catalogue(_ installation: InstallationOptions) throws -> Catalogue {
        guard let premises = try premises(installation) else { return try shippedCatalogue() }
        return try LawFiles.catalogue(premises.folders)
    }

    static func load(_ installation: InstallationOptions, shipped: Bool = false) throws -> LoadedLaw.Content {
        guard !shipped, let premises = try premises(installation) else {
            let catalogue = try shippedCatalogue()
            return LoadedLaw.Content(
                catalogue: catalogue, agreements: try shippedAgreements(catalogue).map { try $0.get() })
        }
        return try LawFiles.load(premises.folders)
    }

    /// The word `installed` or `shipped`, else a file.
    static func catalogue(named text: String, _ installation: InstallationOptions) throws -> Catalogue {
        switch text {
        case "installed": return try LawFiles.catalogue(installation.premises().folders)
        case "shipped": return try shippedCatalogue()
        default: return try catalogue(file: text)
        }
    }

    static func catalogue(file: String) throws -> Catalogue {
        let bytes = try read(file)
        return try CatalogueReader.read(bytes, file: file, sha256: SHA256.digest(bytes)).get()
    }

    /// A file that somebody named.
    static func read(_ file: String) throws -> [UInt8] {
        let path = InstalledAgency.absolute(file)
        guard FileSystem.exists(path) else {
            throw Trouble("There is no such file.", why: path, fix: "Name a file that is there.")
        }
        return try FileSystem.read(path, atMost: 16 << 20)
    }

    static func shippedCatalogue() throws -> Catalogue {
        let bytes = Shipped.catalogue
        return try CatalogueReader.read(bytes, file: "the shipped catalogue", sha256: SHA256.digest(bytes)).get()
    }

    static func shippedAgreements(_ catalogue: Catalogue) -> [Reading<Agreement>] {
        Shipped.agreements.map { name, bytes in
            AgreementReader.read(bytes, file: name, sha256: SHA256.digest(bytes), catalogue: catalogue)
        }
    }

    /// Each file of the installation's agreements, else those shipped, sound or not.
    static func agreements(
        _ installation: InstallationOptions, _ catalogue: Catalogue
    ) throws -> [Reading<Agreement>] {
        guard let premises = try premises(installation) else { return shippedAgreements(catalogue) }
        let folder = premises.folders.agreements
        return try FileSystem.names(in: folder).filter { $0.hasSuffix(".yaml") }
            .map { try LawFiles.read("\(folder)/\($0)", catalogue) }
    }
}
