package import Vocabulary

/// A label, and where each field that is not the route's came from.
package struct Labelled: Hashable, Sendable {
    package enum Origin: String, Hashable, Sendable { case route, sideCar = "side-car" }

    package let label: Label
    /// By field, as the label's JSON names it; a field that is missing here is the route's.
    package let origins: [String: Origin]

    package func origin(of field: String) -> Origin { origins[field] ?? .route }
}

/// Route + agreement + side-car + now -> label. Pure.
package enum Labelling {
    /// How long after an emergency somebody looks at it, if the route does not say: one day.
    private static let usualReview: Int64 = 86_400

    package static func label(
        route: Route, agreement: Agreement, catalogue: Catalogue, sideCar: LabelOverride? = nil, now: Instant
    ) -> Labelled {
        var label = Label(
            agreement: agreement.pinned, route: route.name, catalogue: catalogue.pinned, purpose: route.purpose,
            categories: route.categories, basis: route.basis, necessity: route.necessity, origin: route.origin,
            handling: route.handling)
        label.retention = route.retention.map { retention in
            Label.Retention(
                class: retention.class, reviewBy: retention.reviewAfter.map { now.londonDate.adding($0) })
        }
        if route.emergency { label.emergency = emergency(route.necessity, route, now) }
        guard let sideCar else { return Labelled(label: label, origins: [:]) }
        var mark = Overlay()
        mark.apply(sideCar, to: &label)
        if let reason = sideCar.emergency {
            label.emergency = emergency(reason, route, now)
            mark.changed.insert("emergency")
        }
        return Labelled(label: label, origins: Dictionary(uniqueKeysWithValues: mark.changed.map { ($0, .sideCar) }))
    }

    private static func emergency(_ reason: String, _ route: Route, _ now: Instant) -> Label.Emergency {
        let review = route.reviewWithin.map { now.adding($0) } ?? now.adding(seconds: usualReview)
        return Label.Emergency(reason: reason, reviewBy: review)
    }
}

/// Lays a side-car over a label and remembers which fields it touched.
private struct Overlay {
    var changed: Set<String> = []

    mutating func apply(_ sideCar: LabelOverride, to label: inout Label) {
        set(sideCar.purpose, "purpose", &label.purpose)
        set(sideCar.categories, "categories", &label.categories)
        set(sideCar.necessity, "necessity", &label.necessity)
        set(sideCar.origin, "origin", &label.origin)
        set(sideCar.subjects, "subjects", &label.subjects)
        set(sideCar.classification, "handling", &label.handling.classification)
        set(sideCar.caveats, "handling", &label.handling.caveats)
        set(sideCar.accuracy.map(Optional.some), "accuracy", &label.accuracy)
        apply(sideCar.basis, to: &label.basis)
        if sideCar.retentionClass != nil || sideCar.reviewBy != nil {
            var retention = label.retention ?? Label.Retention(class: "")
            set(sideCar.retentionClass, "retention", &retention.class)
            set(sideCar.reviewBy.map(Optional.some), "retention", &retention.reviewBy)
            label.retention = retention
        }
    }

    private mutating func apply(_ theirs: LabelOverride.Basis, to basis: inout Label.Basis) {
        set(theirs.regime, "basis", &basis.regime)
        set(theirs.article6, "basis", &basis.article6)
        set(theirs.gateways, "basis", &basis.gateways)
        set(theirs.article9, "basis", &basis.article9)
        set(theirs.schedule1, "basis", &basis.schedule1)
        set(theirs.schedule8, "basis", &basis.schedule8)
        set(theirs.reason.map(Optional.some), "basis", &basis.reason)
    }

    private mutating func set<Value>(_ value: Value?, _ field: String, _ place: inout Value) {
        guard let value else { return }
        place = value
        changed.insert(field)
    }
}
