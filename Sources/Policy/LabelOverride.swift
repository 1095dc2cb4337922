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
    package var retentionClass: String?
    package var reviewBy: CalendarDate?
    /// Why this file is an emergency: it is sent at once and looked at afterwards.
    package var emergency: String?

    package init() {}

    package struct Basis: Hashable, Sendable {
        package var regime: String?
        package var article6: [String]?
        package var gateways: [String]?
        package var article9: [String]?
        package var schedule1: [String]?
        package var schedule8: [String]?
        package var reason: String?

        package init() {}
    }
}
