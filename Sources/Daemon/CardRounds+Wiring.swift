internal import Exchange
internal import Premises

extension CardRounds {
    init(_ wiring: Wiring) {
        let (path, agency) = (wiring.premises.cardPath, wiring.agency)
        self.init(
            agency: agency, sending: wiring.sending, ours: { (try? FileSystem.read(path)) ?? [] },
            take: wiring.takeCard)
    }
}
