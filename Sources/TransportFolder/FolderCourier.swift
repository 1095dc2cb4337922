internal import Folders
package import Transport
package import Vocabulary

/// Puts consignments on a share or stick for one partner, and finds what comes back beside them.
package struct FolderCourier: Courier {
    let road: FolderRoad

    package init(_ road: FolderRoad) { self.road = road }

    /// Few: several workers lay side by side, so that their syncs share the journal's commits.
    package var batch: BatchBounds { BatchBounds(count: 8) }

    /// Each is written and synced under a name that nobody reads; then all are renamed and their folder synced, in one job
    /// that nothing interrupts. Once the share is away nothing more is tried on it.
    package func carry(_ batch: [Outgoing]) async -> [CarryEnd] {
        var (ends, written): ([CarryEnd], [ConsignmentID]) = ([], [])
        var away: TryLater?
        for (one, known) in zip(batch, await enquire(batch.map(\.parcel.id))) {
            let end =
                if let away { CarryEnd.answered(.tryLater(away)) } else {
                    await CarryEnd { try await write(one.parcel, unless: known) }
                }
            if case .answered(.carried) = end { written.append(one.parcel.id) }
            if case .answered(.tryLater) = end, away == nil { away = await whyAway() }
            ends.append(end)
        }
        if written.isEmpty { return ends }
        let failed = await show(written)
        return zip(batch, ends).map { one, end in
            if case .answered(.carried) = end, let why = failed[one.parcel.id] {
                .answered(.tryLater(why))
            } else {
                end
            }
        }
    }

    private func whyAway() async -> TryLater? {
        do {
            _ = try await Blocking.run { try road.outgoing() }
            return nil
        } catch {
            return TryLater(error)
        }
    }

    /// Why some have no name on the disk. What a failed sync may not have kept is taken away again, and laid anew.
    private func show(_ ids: [ConsignmentID]) async -> [ConsignmentID: TryLater] {
        do {
            return try await Blocking.run {
                let folder = try road.outgoing()
                let failed = Self.rename(ids, in: folder)
                do { try folder.sync() } catch {
                    for id in ids where failed[id] == nil {
                        try? RoadFile.remove(FolderRoad.consignment(id), in: folder)
                    }
                    throw error
                }
                CrashPoint.afterConsignmentSync.pass()
                return failed
            }
        } catch {
            let why = TryLater(error)
            return Dictionary(ids.map { ($0, why) }) { first, _ in first }
        }
    }

    /// Somebody may have made something of one's name: that is its own trouble.
    private static func rename(_ ids: [ConsignmentID], in folder: Folder) -> [ConsignmentID: TryLater] {
        var failed: [ConsignmentID: TryLater] = [:]
        for id in ids {
            do {
                try folder.rename(FolderRoad.temporary(id), to: folder, as: FolderRoad.consignment(id), .replace)
                CrashPoint.afterConsignmentRename.pass()
            } catch {
                failed[id] = TryLater(error)
                try? RoadFile.remove(FolderRoad.temporary(id), in: folder)
            }
        }
        return failed
    }

    /// Writes the consignment whole, from whichever part: a file has no half. What came back already is returned at
    /// once, and nothing is written again.
    private func write(_ parcel: any Parcel, unless known: EnquiryAnswer) async throws -> CarryAnswer {
        switch known {
        case .receipt(let bytes): return .receipt(bytes)
        case .refusal(let bytes): return .refusal(bytes)
        case .tryLater(let later): return .tryLater(later)
        case .resume, .unknown, .onTheRoad: break
        }
        do {
            try await writeTemporary(parcel)
            return .carried
        } catch let error as ParcelFailed {
            throw error.reason
        } catch {
            return .tryLater(TryLater(error))
        }
    }

    /// Tells the parcel's errors from those of the share.
    private struct ParcelFailed: Error { let reason: any Error }

    private func writeTemporary(_ parcel: any Parcel) async throws {
        let (folder, file) = try await create(parcel.id)
        do {
            try await fill(file, with: parcel)
            try await Blocking.run {
                try file.handle.syncAll()
                CrashPoint.afterConsignmentWritten.pass()
            }
        } catch {
            let id = parcel.id
            try? await Blocking.run { try folder.remove(FolderRoad.temporary(id)) }
            throw error
        }
    }

    /// What an attempt that was killed has left is thrown away first.
    private func create(_ id: ConsignmentID) async throws -> (Folder, SharedFile) {
        try await Blocking.run {
            let (folder, name) = try (road.outgoing(), FolderRoad.temporary(id))
            try RoadFile.remove(name, in: folder)
            return (folder, SharedFile(try FileHandle(name, in: folder, .create(mode: 0o644))))
        }
    }

    /// Produces each message while the one before it is being written.
    private func fill(_ file: SharedFile, with parcel: any Parcel) async throws {
        var end: Int64 = 0
        var message = try await Self.message(0, of: parcel)
        for index in stride(from: 1, through: parcel.partCount, by: 1) {
            async let following = Self.message(index, of: parcel)
            end = try await Self.write(message, to: file, at: end)
            message = try await following
        }
        _ = try await Self.write(message, to: file, at: end)
    }

    private static func message(_ index: Int, of parcel: any Parcel) async throws -> [UInt8] {
        do { return Array(try await parcel.message(index)) } catch { throw ParcelFailed(reason: error) }
    }

    private static func write(_ message: [UInt8], to file: SharedFile, at end: Int64) async throws -> Int64 {
        try await Blocking.run { try file.handle.write(message, at: end) }
        return end + Int64(message.count)
    }

    package func enquire(_ ids: [ConsignmentID]) async -> [EnquiryAnswer] {
        do {
            return try await Blocking.run {
                let folder = try road.outgoing()
                return ids.map { Self.whatLies(in: folder, of: $0) }
            }
        } catch {
            let later = TryLater(error)
            return ids.map { _ in .tryLater(later) }
        }
    }

    private static func whatLies(in folder: Folder, of id: ConsignmentID) -> EnquiryAnswer {
        do {
            if let receipt = try RoadFile.read(FolderRoad.receipt(id), in: folder) { return .receipt(receipt) }
            if let refusal = try RoadFile.read(FolderRoad.refusal(id), in: folder) { return .refusal(refusal) }
            return try folder.lookup(FolderRoad.consignment(id)) == nil ? .unknown : .onTheRoad
        } catch {
            return .tryLater(TryLater(error))
        }
    }

    /// Nil once the statement is durable on the share: a partner takes it in when it sees the share.
    /// What is about no consignment is our card: it takes the place of the former one in `cards/`.
    package func post(statement: [UInt8], about id: ConsignmentID?) async -> TryLater? {
        do {
            try await Blocking.run {
                guard id != nil else {
                    return try RoadFile.write(statement, to: road.cards(), FolderRoad.card(road.us))
                }
                let folder = try road.statements(in: road.outgoing())
                try Self.tidy(folder)
                let number = String(UInt64.random(in: 0...UInt64.max), radix: 16)
                try RoadFile.write(statement, to: folder, FolderRoad.fileName("\(id?.text ?? "none").\(number).p7s"))
            }
            return nil
        } catch {
            return TryLater(error)
        }
    }

    /// Removes the statements that the partner has marked as taken, each before its mark.
    private static func tidy(_ folder: Folder) throws(FileTrouble) {
        try FolderPages.each(in: folder) { mark in
            guard let stem = mark.text.flatMap({ $0.hasSuffix(".taken") ? $0.dropLast(6) : nil }) else { return }
            try? folder.remove(FolderRoad.fileName(stem + ".p7s"))
            try? folder.remove(mark)
        }
    }

    package func fetchCard() async throws(TryLater) -> [UInt8] {
        let card: [UInt8]?
        do {
            card = try await Blocking.run { try RoadFile.read(FolderRoad.card(road.partner), in: road.cards()) }
        } catch {
            throw TryLater(error)
        }
        guard let card else { throw TryLater(.unreachable, "The partner has not put a card on the share yet.") }
        return card
    }

    /// The consignment goes first: without it, what is left beside it means nothing to the partner.
    package func settled(_ ids: [ConsignmentID]) async {
        try? await Blocking.run {
            let folder = try road.outgoing()
            for id in ids { try? Self.tidy(id, in: folder) }
        }
    }

    private static func tidy(_ id: ConsignmentID, in folder: Folder) throws {
        for name in try [FolderRoad.consignment(id), FolderRoad.receipt(id), FolderRoad.refusal(id)] {
            try RoadFile.remove(name, in: folder)
        }
    }

    package func shutdown() async {}
}
