internal import Folders
internal import Ledger
internal import Policy
internal import Statements
package import Vocabulary

/// A person decides about a held file: it goes after all, or it does not.
extension Sending {
    /// A held file goes after all. Returns when it is signed and in the ledger.
    package func release(_ id: ConsignmentID, because: String, by account: String) async throws(OfficerProblem) {
        do {
            try await untilRecovered()
            let held = try await HeldFiles(agency: agency).find(id)
            guard held.record.state == .held else { throw OfficerProblem.stillBlocked(id) }
            guard held.record.waybill == nil else { throw OfficerProblem.signedBefore(id) }
            guard let partner = agency.partners[held.record.key.partner] else {
                throw OfficerProblem.noPartner(held.record.key.partner)
            }
            let claimed = try await held.takeBack(agency, parts.labelAuthors, register)
            let labelled: LabelledFile
            do { labelled = try await judgeReleased(claimed, held.record, account) } catch {
                await putBack(claimed, held.record)
                throw error
            }
            let signed = try await Signer(agency: agency).sign(Unsigned(labelled, to: partner, because: because))
            try enqueue(signed, mayBeThere: false)
        } catch let problem as OfficerProblem {
            throw problem
        } catch {
            throw .trouble("\(error)")
        }
    }

    private func judgeReleased(
        _ claimed: ClaimedFile, _ record: ConsignmentRecord, _ account: String
    ) async throws -> LabelledFile {
        let id = record.key.id
        let weighed = try await Weigher.weigh(claimed)
        guard weighed.sha256 == record.sha256 else { throw OfficerProblem.changed(id) }
        let judged = Labeller(agency)
            .release(weighed, await looker.look(into: claimed), by: account, at: agency.clock.now())
        switch judged {
        case .held(let held) where held.isBlocked: throw OfficerProblem.neverGoes(id, held.findings)
        case .held(let held): throw OfficerProblem.needsLabel(id, held.findings)
        case .labelled(let labelled):
            guard let finding = try await replacementTrouble(labelled) else { return labelled }
            throw OfficerProblem.needsLabel(id, [finding])
        }
    }

    /// Into held/ again, with its reasons, as the ledger has it.
    private func putBack(_ claimed: ClaimedFile, _ record: ConsignmentRecord) async {
        tray.soon(claimed, Outcomes(agency).filing(ofHeld: record))
    }

    /// A release just after a start waits: recovery would take its file in work/ for one that belongs in held/.
    func untilRecovered() async throws {
        guard await isRecovered.until(within: 30, { $0 }) else {
            throw OfficerProblem.trouble("the daemon has not finished starting: try again in a minute")
        }
    }

    /// Decided not to share: a record of its own.
    package func reject(
        _ id: ConsignmentID, because: String, test: NotSharing? = nil, by account: String
    ) async throws(OfficerProblem) {
        do {
            let drawer = HeldFiles(agency: agency)
            let held = try await drawer.find(id)
            let ending = Outcomes(agency).rejected(held.record, because: because, test: test, by: account)
            try await agency.commit(ending)
            try await drawer.note(ending.filing, beside: held)
        } catch let problem as OfficerProblem {
            throw problem
        } catch {
            throw .trouble("\(error)")
        }
    }
}
