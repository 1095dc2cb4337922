package import Logging
package import Transport

/// Takes in what partners put on shares and sticks, and lays receipts and refusals beside it.
///
/// The folder's name only claims who the sender is; the handler verifies. Nothing of the sender's is ever removed.
package struct FolderCollector: Collector {
    private let roads: @Sendable () -> [FolderRoad]
    private let interval: Duration
    private let log: Logger
    private let alarm: Alarm
    private let most: Int

    /// Names of one folder that are read at a look.
    package static let mostNames = 20_000

    /// Raises what `waybill status` shows, by its name, or clears it (nil).
    package typealias Alarm = @Sendable (_ name: String, _ text: String?) -> Void

    /// - Parameters:
    ///   - roads: asked before every look, so that partners come and go while we run.
    ///   - most: names of one folder that are read at a look.
    package init(
        roads: @escaping @Sendable () -> [FolderRoad], every interval: Duration = .seconds(5), log: Logger,
        most: Int = FolderCollector.mostNames, alarm: @escaping Alarm
    ) {
        self.most = most
        self.roads = roads
        self.interval = interval
        self.log = log
        self.alarm = alarm
    }

    /// Looks until cancelled; each road in tasks of its own, so that a slow stick holds up nobody else.
    package func run(handler: some ArrivalHandler) async throws {
        await withDiscardingTaskGroup { group in
            var known: Set<FolderRoad> = []
            while !Task.isCancelled {
                for road in roads() where known.insert(road).inserted {
                    for load in ShareScan.Load.allCases {
                        group.addTask { await keepLooking(at: road, load, handler) }
                    }
                }
                try? await Task.sleep(for: interval)
            }
        }
    }

    private func keepLooking(at road: FolderRoad, _ load: ShareScan.Load, _ handler: some ArrivalHandler) async {
        var scan = ShareScan(road, load, log, most: most, alarm)
        while !Task.isCancelled {
            if roads().contains(road) { await scan.look(handler) }
            try? await Task.sleep(for: interval)
        }
    }
}
