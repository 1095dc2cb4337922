/// The label as it stands in a waybill (`Formats.md`).
extension Label {
    package var json: JSON {
        var members: [String: JSON] = [
            "agreement": agreement.json, "basis": basis.json, "catalogue": catalogue.json,
            "categories": .strings(categories), "decidedBy": .string(decidedBy), "handling": handling.json,
            "necessity": .string(necessity), "origin": .string(origin), "purpose": .string(purpose),
            "route": .string(route.text),
        ]
        members["accuracy"] = accuracy.map(JSON.string)
        members["asOf"] = asOf.map { .string($0.description) }
        members["attestation"] = attestation.map { a in
            .object(["because": .string(a.because), "principles": .strings(a.principles)])
        }
        members["collection"] = collection?.json
        members["emergency"] = emergency.map { e in
            .object(["reason": .string(e.reason), "reviewBy": .string(e.reviewBy.description)])
        }
        members["nature"] = nature.map(JSON.string)
        members["retention"] = retention?.json
        members["subjects"] = subjects.isEmpty ? nil : .array(subjects.map(\.json))
        members["suggested"] = suggested.isEmpty ? nil : .strings(suggested)
        return .object(members)
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "label")
        self.init(
            agreement: try Pinned(m.json("agreement")), route: try RouteName(m.string("route")),
            catalogue: try Pinned(m.json("catalogue")), purpose: try m.string("purpose"),
            categories: try m.strings("categories"), basis: try Basis(m.json("basis")),
            necessity: try m.string("necessity"), origin: try m.string("origin"),
            handling: try Handling(m.json("handling")), accuracy: try m.optionalString("accuracy"),
            decidedBy: try m.string("decidedBy"))
        if let text = try m.optionalString("asOf") { asOf = try CalendarDate(text) }
        nature = try m.optionalString("nature")
        if let json = m.optional("collection") { collection = try Collection(json) }
        if let json = m.optional("attestation") { attestation = try Attestation(json) }
        if let json = m.optional("subjects") { subjects = try Subject.list(json) }
        if let json = m.optional("retention") { retention = try Retention(json) }
        if let json = m.optional("emergency") { emergency = try Emergency(json) }
        if let json = m.optional("suggested") { suggested = try json.strings(of: "suggested") }
        try m.end()
    }
}

extension Label {
    /// Why every recipient would refuse a waybill with this label, as its reader says it; nil if none would.
    package var refusal: String? {
        do {
            _ = try JSON(parsing: JSON.object(["label": json]).encoded)
            return nil
        } catch { return "\(error)" }
    }
}

extension JSON {
    package static func strings(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }

    fileprivate func strings(of what: String) throws(Malformed) -> [String] {
        var m = try JSONMembers(.object([what: self]), of: "label")
        return try m.strings(what)
    }
}

extension Label.Pinned {
    package var json: JSON {
        var members: [String: JSON] = ["sha256": .string(sha256.hex), "version": .string(version)]
        if !id.isEmpty { members["id"] = .string(id) }
        return .object(members)
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "label")
        self.init(
            id: try m.optionalString("id") ?? "", version: try m.string("version"), sha256: try m.digest("sha256"))
        try m.end()
    }
}

extension Label.Basis {
    package var json: JSON {
        var members: [String: JSON] = ["regime": .string(regime)]
        let lists = [
            ("article6", article6), ("article9", article9), ("gateways", gateways), ("schedule1", schedule1),
            ("schedule8", schedule8),
        ]
        for (name, list) in lists where !list.isEmpty { members[name] = .strings(list) }
        for (name, text) in plain { members[name] = text.map(JSON.string) }
        return .object(members)
    }

    private var plain: [(String, String?)] {
        [
            ("authority", authority), ("confidentiality", confidentiality), ("consent", consent),
            ("incapacity", incapacity), ("lawEnforcement", lawEnforcement), ("reason", reason), ("request", request),
            ("transfer", transfer),
        ]
    }

    package init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "basis")
        func list(_ name: String) throws(Malformed) -> [String] {
            guard let json = m.optional(name) else { return [] }
            return try json.strings(of: name)
        }
        self.init(
            regime: try m.string("regime"), article6: try list("article6"), gateways: try list("gateways"),
            article9: try list("article9"), schedule1: try list("schedule1"), schedule8: try list("schedule8"),
            reason: try m.optionalString("reason"))
        confidentiality = try m.optionalString("confidentiality")
        consent = try m.optionalString("consent")
        incapacity = try m.optionalString("incapacity")
        request = try m.optionalString("request")
        lawEnforcement = try m.optionalString("lawEnforcement")
        transfer = try m.optionalString("transfer")
        authority = try m.optionalString("authority")
        try m.end()
    }
}

extension Label.Subject {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["ref": .string(ref), "role": .string(role)]
        if let informed {
            var inner: [String: JSON] = ["status": .string(informed.status)]
            inner["on"] = informed.on.map { .string($0.description) }
            inner["ground"] = informed.ground.map(JSON.string)
            members["informed"] = .object(inner)
        }
        return .object(members)
    }

    fileprivate static func list(_ json: JSON) throws(Malformed) -> [Label.Subject] {
        guard case .array(let items) = json, items.count <= 200 else {
            throw Malformed("label", "subjects must be a list of at most 200")
        }
        var subjects: [Label.Subject] = []
        for item in items { subjects.append(try Label.Subject(item)) }
        return subjects
    }

    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "subject")
        self.init(ref: try m.string("ref"), role: try m.string("role"))
        if let json = m.optional("informed") {
            var inner = try JSONMembers(json, of: "informed")
            let on = try inner.optionalString("on")
            informed = Label.Informed(
                status: try inner.string("status"), on: on == nil ? nil : try CalendarDate(on ?? ""),
                ground: try inner.optionalString("ground"))
            try inner.end()
        }
        try m.end()
    }
}

extension Label.Collection {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["purpose": .string(purpose)]
        members["compatibility"] = compatibility.map(JSON.string)
        return .object(members)
    }

    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "collection")
        self.init(purpose: try m.string("purpose"), compatibility: try m.optionalString("compatibility"))
        try m.end()
    }
}

extension Label.Attestation {
    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "attestation")
        self.init(principles: try m.strings("principles"), because: try m.string("because"))
        try m.end()
    }
}

extension Label.Handling {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["classification": .string(classification)]
        if !caveats.isEmpty { members["caveats"] = .strings(caveats) }
        return .object(members)
    }

    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "handling")
        self.init(classification: try m.string("classification"))
        if let json = m.optional("caveats") { caveats = try json.strings(of: "caveats") }
        try m.end()
    }
}

extension Label.Retention {
    fileprivate var json: JSON {
        var members: [String: JSON] = ["class": .string(`class`)]
        members["reviewBy"] = reviewBy.map { .string($0.description) }
        return .object(members)
    }

    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "retention")
        self.init(class: try m.string("class"))
        if let text = try m.optionalString("reviewBy") { reviewBy = try CalendarDate(text) }
        try m.end()
    }
}

extension Label.Emergency {
    fileprivate init(_ json: JSON) throws(Malformed) {
        var m = try JSONMembers(json, of: "emergency")
        self.init(reason: try m.string("reason"), reviewBy: try m.instant("reviewBy"))
        try m.end()
    }
}
