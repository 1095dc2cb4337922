import Policy
import Vocabulary

/// One change to a welfare share from a council to the police, and the law under which each side then handles it.
struct RegimeCase: Sendable, CustomStringConvertible {
    let description: String
    let sender: Regime
    let recipient: Regime
    let change: @Sendable (inout Situation) throws -> Void

    private init(
        _ description: String, _ sender: Regime, _ recipient: Regime,
        _ change: @escaping @Sendable (inout Situation) throws -> Void
    ) {
        (self.description, self.sender, self.recipient, self.change) = (description, sender, recipient, change)
    }

    static let all: [RegimeCase] = [
        .init("a welfare share to the police", .ukGDPR, .ukGDPR) { _ in },
        .init("a crime report to the police", .ukGDPR, .part3) { $0.label.basis.schedule1 = ["S1-10"] },
        .init("a crime report to a hospital", .ukGDPR, .ukGDPR) {
            $0.label.basis.schedule1 = ["S1-10"]
            $0.recipient = try AgencyID("tewv")
        },
        .init("a route on which the police receive for law enforcement", .ukGDPR, .part3) {
            $0.agreement?.routes[0].lawEnforcement = true
        },
        .init("the same route to a hospital", .ukGDPR, .ukGDPR) {
            $0.agreement?.routes[0].lawEnforcement = true
            $0.recipient = try AgencyID("tewv")
        },
        .init("Part 3 for a purpose of section 31", .part3, .part3) {
            $0.label.basis.regime = "dpa-part-3"
            $0.label.basis.lawEnforcement = "le-prevention"
        },
        .init("Part 3 for no purpose that the catalogue knows", .part3, .ukGDPR) {
            $0.label.basis.regime = "dpa-part-3"
            $0.label.basis.lawEnforcement = "gossip"
        },
        .init("a crime report from the police to a council that may prosecute its own cases", .ukGDPR, .ukGDPR) {
            ($0.sender, $0.recipient) = ($0.recipient, try AgencyID("stockton"))
            $0.label.basis.schedule1 = ["S1-10"]
        },
        .init("the same on a route that says so", .ukGDPR, .part3) {
            ($0.sender, $0.recipient) = ($0.recipient, try AgencyID("stockton"))
            $0.agreement?.routes[0].lawEnforcement = true
        },
    ]
}
