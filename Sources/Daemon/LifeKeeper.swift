internal import Exchange
internal import Folders
internal import Law
internal import Logging
internal import Policy
internal import Premises
internal import Settings
internal import Statements
internal import Vocabulary

/// Writes once a minute that we live, and at the end that it was an end in order (`LastLife`).
struct LifeKeeper: Sendable {
    private static let often = 60.0

    let wiring: Wiring

    func keep() async {
        while !Task.isCancelled {
            await write(isOver: false)
            try? await Task.sleep(for: .seconds(Self.often))
        }
    }

    /// The last thing that a life does.
    func end() async { await write(isOver: true) }

    private func write(isOver: Bool) async {
        let (agency, root, owed) = (wiring.agency, wiring.premises.folders.root, wiring.lastLife.owed)
        let (partners, routes) = (agency.partners.all.map(\.id), agency.law.routes.map(\.name))
        let trouble = await Task.detached { () -> (any Error)? in
            do {
                try await Blocking.run {
                    guard let name = FileName(LifeFile.name) else { return }
                    let mounts = agency.layout.mounts(partners, routes)
                    let sign = LifeSign(
                        mounts: mounts, seen: agency.clock.now(), isOver: isOver, owedFrom: owed.from)
                    try sign.write(name, in: Folder(root))
                }
                return nil
            } catch { return error }
        }.value
        if let trouble { agency.log.notice("no sign of life was written", metadata: ["why": "\(trouble)"]) }
    }
}
