package import Exchange
internal import Folders
package import Settings

extension HouseRules {
    /// What the settings say, in the units of the rules.
    init(_ settings: Installation) {
        self.init()
        settle = settings.settle.inSeconds
        // The watchdog of the unit wants to see a scan every half minute.
        scanInterval = min(30, settings.scanInterval.inSeconds)
        waitingNoteAfter = settings.waitingNoteAfter.inSeconds
        partSize = settings.partSize
        concurrency = settings.concurrency
        smallLimit = settings.smallFile
        claimsAhead = settings.limits.claimsAhead
        retryFirst = settings.retry.first.inSeconds
        retryMost = settings.retry.most.inSeconds
        diskReserve = settings.diskReserve
        stagedBytesPerPartner = settings.limits.stagedBytes
        arrivalsPerPartner = settings.limits.arrivals
        connections = Descriptors.connections
        newConsignmentsPerMinute = settings.limits.newIDsPerMinute
        ledgerBytesPerHour = settings.limits.ledgerBytesPerHour
        stagingRetention = settings.retention.staging.inSeconds
        sentRetention = settings.retention.sent.inSeconds
        readersGroup = settings.groups.readers
        collected = settings.collect.sign == .moved ? .moved : .opened
        collectWithin = settings.collect.within.inSeconds
        collectEmergency = settings.collect.emergency.inSeconds
        urgentCommand = settings.urgent.run
        collectExpires = settings.collect.expires.inSeconds
        contacts = ContactBook(settings)
    }
}

extension ContactBook {
    package convenience init(_ settings: Installation) {
        self.init(ours: settings.contacts, theirs: settings.partners.mapValues(\.contacts))
    }
}

extension Duration {
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
