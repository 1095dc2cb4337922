internal import Envelope
internal import Folders
internal import Ledger
internal import Logging
internal import Policy
package import Statements
internal import Transport
internal import Vocabulary

// What was signed and shall not go any more, because its partner was revoked or the key that signed it was retired. It lies
// in held/ with the reason; its id is never signed again, so a person drops the file anew.

extension Sending {
    /// Ends everything on its way to a partner that we know no more. Connections are broken, not waited for.
    package func revoked(_ revocation: Revocation) async {
        let (running, courier) = takeDispatcher(revocation.id)
        await courier?.shutdown()
        for waybill in takeParked(revocation.id) + (await ended(running)) { await halt(waybill, revocation.finding) }
        tell(revocation)
    }

    /// At the revocation, and again at each start.
    func tell(_ revocation: Revocation) {
        agency.alarms.alarm(
            "revoked/\(revocation.id)", "\(revocation.id): \(revocation.words) Its outbox is not looked at.")
    }

    /// Trouble of ours leaves it where it is: nothing is sent to nobody, and a restart tries again.
    func halt(_ waybill: SignedWaybill, _ finding: Finding) async {
        do {
            let ending = try await Hold(agency: agency).halt(waybill, finding)
            tray.soon(waybill.weighed.claimed, ending.filing)
        } catch {
            agency.log.error("not held", metadata: ["consignment": "\(waybill.id)", "why": "\(error)"])
            park(waybill)
        }
    }
}
