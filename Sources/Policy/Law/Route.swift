package import Vocabulary

/// A folder that carries label defaults, so that a practitioner only picks a folder.
package struct Route: Hashable, Sendable {
    package let name: RouteName
    package var purpose: String
    package var categories: [String]
    package var basis: Label.Basis
    package var necessity: String
    package var origin = "record"
    package var handling = Label.Handling()
    package var retention: Retention?
    package var subjects = Subjects.optional
    /// Immediate risk of harm: never waits.
    package var emergency = false
    package var reviewWithin: Period?
    package var contentCheck = ContentCheck.record
    /// A competent authority that receives on this route does so for a law enforcement purpose (DPA 2018 s.31).
    package var lawEnforcement = false
    /// `fact`, `opinion` or `both`, and what lets a recipient judge the files of this route.
    package var nature: String?
    package var accuracy: String?
    /// Files of this route are verified on the day they are sent, so that day is what the information is of.
    package var isCurrent = false
    /// Wait for `NAME.label.yaml` before a file is taken.
    package var sideCarRequired = false

    package init(name: RouteName, purpose: String, categories: [String], basis: Label.Basis, necessity: String) {
        self.name = name
        self.purpose = purpose
        self.categories = categories
        self.basis = basis
        self.necessity = necessity
    }

    package struct Retention: Hashable, Sendable {
        package let `class`: String
        package let reviewAfter: Period?

        package init(class: String, reviewAfter: Period? = nil) {
            self.class = `class`
            self.reviewAfter = reviewAfter
        }
    }

    /// Must a side-car name case references?
    package enum Subjects: String, Hashable, Sendable, CaseIterable { case required, optional, none }

    package enum ContentCheck: String, Hashable, Sendable, CaseIterable { case off, record, warn, hold }
}
