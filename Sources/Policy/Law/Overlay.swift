internal import Vocabulary

/// Lays what somebody wrote over a label and remembers which fields it touched.
struct Overlay {
    var label: Label
    let origin: Labelled.Origin
    var changed: [String: Labelled.Origin] = [:]

    mutating func apply(_ theirs: LabelOverride) {
        set(theirs.purpose, "purpose", \.purpose)
        set(theirs.categories, "categories", \.categories)
        set(theirs.necessity, "necessity", \.necessity)
        set(theirs.origin, "origin", \.origin)
        set(theirs.subjects, "subjects", \.subjects)
        set(theirs.classification, "handling.classification", \.handling.classification)
        set(theirs.caveats, "handling.caveats", \.handling.caveats)
        set(theirs.accuracy, "accuracy", \.accuracy)
        set(theirs.asOf, "asOf", \.asOf)
        set(theirs.nature, "nature", \.nature)
        set(theirs.collection, "collection", \.collection)
        set(theirs.attestation, "attestation", \.attestation)
        lists(theirs.basis)
        answers(theirs.basis)
        retention(theirs)
    }

    mutating func set<Value>(_ value: Value?, _ field: String, _ place: WritableKeyPath<Label, Value>) {
        guard let value else { return }
        label[keyPath: place] = value
        changed[field] = origin
    }

    mutating func set<Value>(_ value: Value?, _ field: String, _ place: WritableKeyPath<Label, Value?>) {
        guard let value else { return }
        label[keyPath: place] = value
        changed[field] = origin
    }

    private mutating func lists(_ basis: LabelOverride.Basis) {
        set(basis.regime, "basis.regime", \.basis.regime)
        set(basis.article6, "basis.article6", \.basis.article6)
        set(basis.gateways, "basis.gateways", \.basis.gateways)
        set(basis.article9, "basis.article9", \.basis.article9)
        set(basis.schedule1, "basis.schedule1", \.basis.schedule1)
        set(basis.schedule8, "basis.schedule8", \.basis.schedule8)
    }

    private mutating func answers(_ basis: LabelOverride.Basis) {
        set(basis.reason, "basis.reason", \.basis.reason)
        set(basis.confidentiality, "basis.confidentiality", \.basis.confidentiality)
        set(basis.consent, "basis.consent", \.basis.consent)
        set(basis.incapacity, "basis.incapacity", \.basis.incapacity)
        set(basis.request, "basis.request", \.basis.request)
        set(basis.lawEnforcement, "basis.lawEnforcement", \.basis.lawEnforcement)
        set(basis.transfer, "basis.transfer", \.basis.transfer)
        set(basis.authority, "basis.authority", \.basis.authority)
    }

    private mutating func retention(_ theirs: LabelOverride) {
        guard theirs.retentionClass != nil || theirs.reviewBy != nil else { return }
        var retention = label.retention ?? Label.Retention(class: "")
        if let kind = theirs.retentionClass {
            retention.class = kind
            changed["retention.class"] = origin
        }
        if let date = theirs.reviewBy {
            retention.reviewBy = date
            changed["retention.reviewBy"] = origin
        }
        label.retention = retention
    }
}
