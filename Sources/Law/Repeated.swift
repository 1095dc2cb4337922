/// Says which ids a list holds more than once, each one time.
enum Repeated {
    static func check(_ ids: [String]?, _ key: String, _ section: Section) {
        var (seen, told) = (Set<String>(), Set<String>())
        for id in ids ?? [] where !seen.insert(id).inserted && told.insert(id).inserted {
            section.log.error(
                "\"\(section.path(key))\" holds \"\(id)\" twice", hint: "keep one of the two",
                at: section.mark(of: key))
        }
    }
}
