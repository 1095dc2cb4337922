internal import Folders
internal import Ledger
internal import Vocabulary

/// What lies in the inbox, packed: there may be hundreds of thousands, and each is looked at only when something happens
/// to it. About 200 bytes each and its name, where the values as they are used take 2,000.
struct CollectionTable {
    /// A consignment of a partner, as a number.
    private struct Key: Hashable {
        let id: UInt128
        let partner: Int32
    }

    private struct Slot {
        var id: UInt128
        var duty: UInt128
        var inode: UInt64
        var size: Int64
        var modified: Int64
        /// Milliseconds.
        var since: Int64
        var name: FileName
        var folder: Int32
        var isTold: Bool
        var isUrgent: Bool
    }

    private var slots: [Slot?] = []
    private var free: [Int32] = []
    private var places: [Key: Int32] = [:]
    private var sightings: [Int32: Sighting] = [:]
    private var urgent: Set<Int32> = []
    private var names: [[FileName: Int32]] = []
    private(set) var folders: [InboxFolder] = []
    private var folderNumbers: [InboxFolder: Int32] = [:]
    private var partners: [AgencyID: Int32] = [:]

    func holds(_ key: ConsignmentKey) -> Bool { place(of: key) != nil }

    /// - Parameter isUnderItsName: whether it, and no later one, stands under its name.
    mutating func add(_ item: UncollectedFile, isUnderItsName: Bool) {
        let folder = number(of: item.place.folder)
        let slot = Slot(
            id: item.key.id.number, duty: item.duty.number, inode: item.place.inode, size: item.place.size,
            modified: item.place.modified, since: item.since.milliseconds, name: item.place.name, folder: folder,
            isTold: item.isTold, isUrgent: item.isUrgent)
        let place: Int32
        if let old = free.popLast() {
            place = old
            slots[Int(place)] = slot
        } else {
            place = Int32(slots.count)
            slots.append(slot)
        }
        places[Key(id: slot.id, partner: partnerNumber(item.key.partner))] = place
        if isUnderItsName { names[Int(folder)][slot.name] = place }
        sightings[place] = item.sighting
        if item.isUrgent { urgent.insert(place) }
    }

    mutating func remove(_ key: ConsignmentKey) {
        guard let place = place(of: key), let slot = slots[Int(place)] else { return }
        if let partner = partners[key.partner] { places[Key(id: slot.id, partner: partner)] = nil }
        sightings[place] = nil
        urgent.remove(place)
        if names[Int(slot.folder)][slot.name] == place { names[Int(slot.folder)][slot.name] = nil }
        slots[Int(place)] = nil
        free.append(place)
    }

    func item(_ name: FileName, in folder: InboxFolder) -> UncollectedFile? {
        folderNumbers[folder].flatMap { names[Int($0)][name] }.flatMap(item)
    }

    mutating func note(_ sighting: Sighting, of key: ConsignmentKey) {
        guard let place = place(of: key), sightings[place] == nil else { return }
        sightings[place] = sighting
    }

    mutating func unsee(_ key: ConsignmentKey) {
        guard let place = place(of: key) else { return }
        sightings[place] = nil
    }

    mutating func noteTold(_ key: ConsignmentKey) {
        guard let place = place(of: key) else { return }
        slots[Int(place)]?.isTold = true
    }

    var seen: [UncollectedFile] { sightings.keys.compactMap(item) }

    /// Emergencies that still lie there, oldest first.
    var unseenUrgent: [UncollectedFile] {
        urgent.filter { sightings[$0] == nil }.compactMap(item).sorted { $0.since < $1.since }
    }

    func untold(since before: Instant) -> [UncollectedFile] {
        slots.indices.compactMap { index in
            guard let slot = slots[index], !slot.isTold, slot.since < before.milliseconds else { return nil }
            return sightings[Int32(index)] == nil ? item(Int32(index)) : nil
        }
    }

    func unseen(in folder: InboxFolder) -> [UncollectedFile] {
        guard let number = folderNumbers[folder] else { return [] }
        return names[Int(number)].values.filter { sightings[$0] == nil }.compactMap(item)
    }

    // MARK: - Packing

    private func place(of key: ConsignmentKey) -> Int32? {
        partners[key.partner].flatMap { places[Key(id: key.id.number, partner: $0)] }
    }

    private func item(_ place: Int32) -> UncollectedFile? {
        guard let slot = slots[Int(place)], let id = ConsignmentID(number: slot.id),
            let duty = ConsignmentID(number: slot.duty)
        else { return nil }
        let folder = folders[Int(slot.folder)]
        return UncollectedFile(
            key: ConsignmentKey(.received, folder.partner, id), duty: duty,
            place: PublishedPlace(
                folder: folder, name: slot.name, inode: slot.inode, size: slot.size, modified: slot.modified),
            since: Instant(milliseconds: slot.since), isUrgent: slot.isUrgent, isTold: slot.isTold,
            sighting: sightings[place])
    }

    private mutating func number(of folder: InboxFolder) -> Int32 {
        if let known = folderNumbers[folder] { return known }
        let number = Int32(folders.count)
        folders.append(folder)
        names.append([:])
        folderNumbers[folder] = number
        return number
    }

    private mutating func partnerNumber(_ partner: AgencyID) -> Int32 {
        let number = partners[partner] ?? Int32(partners.count)
        partners[partner] = number
        return number
    }
}
