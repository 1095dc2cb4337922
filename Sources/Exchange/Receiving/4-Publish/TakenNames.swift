internal import Folders
internal import Synchronization
internal import Vocabulary

/// Names that are taken in each inbox folder, by clash key, so that no two differ in case or composition only (the
/// readers' Windows machines would see one file).
final class TakenNames: Sendable {
    /// A number for each name that clashes with no other: 64 bits of a hash that is another in each process. Two that meet
    /// by chance cost a look at the folder and a number in a name.
    private let folders = Mutex<[Folder.Identity: Set<Int>]>([:])

    /// Names that one job has given and that nobody sees in the folder yet: hundreds of one batch may want the same.
    struct Given {
        fileprivate var keys: [Folder.Identity: Set<Int>] = [:]
    }

    /// A free name near `wished`, taken by this call. Looks at the folder itself before it numbers a name, because
    /// readers take files away.
    func reserve(_ wished: String, in folder: Folder, besides given: inout Given) throws -> String {
        let id = try folder.identity()
        let name = try reserve(wished, in: folder, id, given.keys[id] ?? [])
        given.keys[id, default: []].insert(Self.key(name))
        return name
    }

    private func reserve(
        _ wished: String, in folder: Folder, _ id: Folder.Identity, _ given: Set<Int>
    ) throws -> String {
        if folders.withLock({ $0[id]?.insert(Self.key(wished)).inserted == true }) { return wished }
        let there = given.union(try folder.entries().compactMap(\.text).map(Self.key))
        return folders.withLock { folders in
            var taken = there
            var name = wished
            var number = 2
            while !taken.insert(Self.key(name)).inserted {
                name = SafeName.numbered(wished, number)
                number += 1
            }
            folders[id] = taken
            return name
        }
    }

    private static func key(_ name: String) -> Int { SafeName.clashKey(name).hashValue }
}
