package import Vocabulary

/// Route + agreement + side-car + now -> label. Pure.
package struct Labelling: Sendable {
    private let agreement: Agreement
    private let catalogue: Catalogue
    private let now: Instant

    package init(under agreement: Agreement, _ catalogue: Catalogue, at now: Instant) {
        (self.agreement, self.catalogue, self.now) = (agreement, catalogue, now)
    }

    /// - Parameter suggested: categories that the content check suggests.
    package func label(_ route: Route, sideCar: LabelOverride? = nil, suggested: [String] = []) -> Labelled {
        var label = defaults(route)
        label.suggested = suggested
        var overlay = Overlay(label: label, origin: .sideCar)
        if let sideCar { overlay.apply(sideCar) }
        if let reason = sideCar?.emergency { overlay.set(emergency(reason, route), "emergency", \.emergency) }
        return Labelled(label: overlay.label, changed: overlay.changed)
    }

    /// A person has released the file and answers for its label, for what they changed above all.
    package static func released(
        _ labelled: Labelled, by account: String, changing changes: LabelOverride = LabelOverride()
    ) -> Labelled {
        var overlay = Overlay(label: labelled.label, origin: .person(account), changed: labelled.changed)
        overlay.apply(changes)
        overlay.set("person:\(account)", "decidedBy", \.decidedBy)
        return Labelled(label: overlay.label, changed: overlay.changed)
    }

    /// The same label with the review of its emergency by that time; unchanged if it is none.
    package static func reviewed(_ labelled: Labelled, by due: Instant) -> Labelled {
        var label = labelled.label
        label.emergency?.reviewBy = due
        return Labelled(label: label, changed: labelled.changed)
    }

    private func defaults(_ route: Route) -> Label {
        var label = Label(
            agreement: agreement.pinned, route: route.name, catalogue: catalogue.pinned, purpose: route.purpose,
            categories: route.categories, basis: route.basis, necessity: route.necessity, origin: route.origin,
            handling: route.handling, accuracy: route.accuracy)
        (label.nature, label.asOf) = (route.nature, route.isCurrent ? now.londonDate : nil)
        label.retention = route.retention.map { retention in
            Label.Retention(
                class: retention.class, reviewBy: retention.reviewAfter.map { now.londonDate.adding($0) })
        }
        if route.emergency { label.emergency = emergency(route.necessity, route) }
        return label
    }

    private func emergency(_ reason: String, _ route: Route) -> Label.Emergency {
        let due = PolicyEngine.reviewDue(route: route, deferred: [], catalogue: catalogue, now: now)
        return Label.Emergency(reason: reason, reviewBy: due)
    }
}
