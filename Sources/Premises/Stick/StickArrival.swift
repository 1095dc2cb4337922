internal import Exchange
package import Ledger
package import Transport
internal import Vocabulary
internal import Witness

extension OpenAgency {
    /// Takes in what lies on a stick, as if it had come by the line. Returns what to give back, and what the ledger knows now.
    package func takeIn(_ file: StickBytes) async throws -> (answer: ArrivalAnswer, record: ConsignmentRecord?) {
        var bytes = file
        let claimed = try bytes.claims(agency.us.opener)
        try await openPlaces()
        let card = premises.cardPath
        let arrivals = Arrivals(
            agency: agency, parts: receiving, questions: Countersigner(agency, noteKeys),
            card: { (try? FileSystem.read(card)) ?? [] })
        let (id, sender) = (claimed.id, claimed.parties.from)
        let answer = await arrivals.receive(id, from: sender, startingAt: 1, body: &bytes)
        return (answer, try await agency.ledger.record(ConsignmentKey(.received, sender, id)))
    }
}
