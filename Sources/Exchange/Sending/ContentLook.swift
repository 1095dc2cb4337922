package import Folders
package import Inspection
internal import Policy
internal import Vocabulary

/// Looks into the content of a file: given its open descriptor, size, media type and the ending of its name.
package typealias ContentLook = @Sendable (SharedFile, Int64, String, String) async -> Inspection

extension Sending {
    /// What a look into the file suggests; nil where the route says `off`. Runs beside the weighing: both read the same
    /// pages.
    func look(into claimed: ClaimedFile) async -> Inspection? {
        let check = office.law.contentCheck(
            claimed.route, sender: office.agency, recipient: claimed.partner, at: office.now())
        guard check != .off, let look = office.look else { return nil }
        let opened = try? await Blocking.run {
            let file = SharedFile(try FileHandle(claimed.fileName, in: claimed.folder, .read))
            return (file, try file.handle.facts().size)
        }
        guard let (file, size) = opened else { return nil }
        return await FileEnding.look(look, into: file, size: size, named: claimed.name)
    }
}

/// The ending of a name, lower case and without its dot; empty if it has none. A name may hold a person's name, its
/// ending does not.
package enum FileEnding {
    package static func of(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), name.distance(from: dot, to: name.endIndex) <= 6 else { return "" }
        let ending = name[name.index(after: dot)...].lowercased()
        return ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? ending : ""
    }

    /// A look into a file by what its name promises.
    package static func look(
        _ look: ContentLook, into file: SharedFile, size: Int64, named name: String
    ) async -> Inspection {
        await look(file, size, MediaType.of(name), of(name))
    }
}
