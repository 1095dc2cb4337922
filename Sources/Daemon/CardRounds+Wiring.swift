internal import Exchange
internal import Premises

extension CardRounds {
    init(_ wiring: Wiring) {
        let (path, office) = (wiring.premises.cardPath, wiring.office)
        self.init(
            office: office, sending: wiring.sending, ours: { (try? FileSystem.read(path)) ?? [] },
            take: wiring.takeCard)
    }
}
