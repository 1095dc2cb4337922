package import Vocabulary

/// What a side-car says instead of the route. Whatever is nil stays as the route has it.
package struct LabelOverride: Hashable, Sendable {
    package var purpose: String?
    package var categories: [String]?
    package var basis = Basis()
    package var necessity: String?
    package var origin: String?
    package var subjects: [Label.Subject]?
    package var classification: String?
    package var caveats: [String]?
    package var accuracy: String?
    package var asOf: CalendarDate?
    package var nature: String?
    package var collection: Label.Collection?
    package var attestation: Label.Attestation?
    package var retentionClass: String?
    package var reviewBy: CalendarDate?
    /// Why this file is an emergency: it is sent at once and looked at afterwards.
    package var emergency: String?
    /// The consignment that this file takes the place of. Not a field of the label: it stands in the waybill.
    package var replaces: Replacement?

    package init() {}

    package struct Replacement: Hashable, Sendable {
        package let consignment: ConsignmentID
        package let because: String

        package init(consignment: ConsignmentID, because: String) {
            self.consignment = consignment
            self.because = because
        }
    }

    package struct Basis: Hashable, Sendable {
        package var regime: String?
        package var article6: [String]?
        package var gateways: [String]?
        package var article9: [String]?
        package var schedule1: [String]?
        package var schedule8: [String]?
        package var reason: String?
        package var confidentiality: String?
        package var consent: String?
        package var incapacity: String?
        package var request: String?
        package var lawEnforcement: String?
        package var transfer: String?
        package var authority: String?

        package init() {}
    }
}
