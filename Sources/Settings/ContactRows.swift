internal import Law
package import Vocabulary

/// `contacts:`, ours at the top and a partner's below its id: whom to telephone.
///
///     contacts:
///       out-of-hours: { name: Control room, telephone: 01632 960001, rung: 2026-11-01 }
enum ContactRows {
    private static var places: [(key: String, place: WritableKeyPath<Contacts, Contacts.Contact?>)] {
        [
            ("information-governance", \.informationGovernance), ("out-of-hours", \.outOfHours),
            ("technical", \.technical),
        ]
    }

    /// None where the section is absent; what is wrong is told.
    static func read(_ section: Section) -> Contacts {
        var contacts = Contacts()
        guard let rows = section.section("contacts") else { return contacts }
        for (key, place) in places { contacts[keyPath: place] = rows.section(key).flatMap(contact) }
        rows.end()
        return contacts
    }

    private static func contact(_ row: Section) -> Contacts.Contact? {
        defer { row.end() }
        let name = row.required(
            "name",
            row.value("name", "1 to 100 bytes on one line", hint: "name a desk or a role, such as Control room") {
                Contacts.Contact.isName($0) ? $0 : nil
            })
        let telephone = row.required(
            "telephone",
            row.value("telephone", "a telephone number", hint: Contacts.Contact.hint) {
                Contacts.Contact.isTelephone($0) ? $0 : nil
            })
        let rung = row.date("rung")
        guard let name, let telephone else { return nil }
        return Contacts.Contact(name: name, telephone: telephone, rung: rung)
    }

    /// The lines below a partner's id, or at the top: `indent` spaces before each, a row for each contact that is known.
    static func lines(_ contacts: Contacts, indent: Int) -> [String] {
        let rows = places.compactMap { key, place in
            contacts[keyPath: place].map { String(repeating: " ", count: indent + 2) + "\(key): \($0.row)" }
        }
        return rows.isEmpty ? [] : [String(repeating: " ", count: indent) + "contacts:"] + rows
    }
}

extension Contacts.Contact {
    static let hint = "write it as it is dialled, such as 01632 960001 or +44 1632 960001"

    /// On a command line: `Control room, 01632 960001`; nil if it is not a name and a telephone number.
    package init?(_ text: String) {
        guard let comma = text.lastIndex(of: ",") else { return nil }
        let (name, telephone) = (Self.trimmed(text[..<comma]), Self.trimmed(text[text.index(after: comma)...]))
        guard Self.isName(name), Self.isTelephone(telephone) else { return nil }
        self.init(name: name, telephone: telephone)
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.contains { $0.isLetter }
            && PlainText.fault(in: text, .line) == nil
    }

    /// 3 to 20 digits, with what people write between them, and perhaps an extension: `999`, `(01632) 960001 ext 2`.
    static func isTelephone(_ text: String) -> Bool {
        let number = text.replacing("ext", with: "", maxReplacements: 1)
        let digits = number.utf8.count { (0x30...0x39).contains($0) }
        return (3...20).contains(digits) && text.utf8.count <= 40
            && number.utf8.allSatisfy { (0x30...0x39).contains($0) || Array(" +()-.#".utf8).contains($0) }
    }

    fileprivate var row: String {
        let day = rung.map { ", rung: \($0)" } ?? ""
        return "{ name: \(YAMLText.quoted(name)), telephone: \(YAMLText.quoted(telephone))\(day) }"
    }
}
