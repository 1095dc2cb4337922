package import Exchange

/// What a person names who accepts a folder.
package enum PlaceWish {
    /// Throws `Trouble` where no place of ours is at that path.
    package static func place(at path: String, _ places: Places?) throws -> String {
        if let place = places?.place(at: path) { return place }
        let roots = Root.allCases.compactMap { places?.path($0) }.joined(separator: ", ")
        throw Trouble(
            "\(path) is none of our places.",
            why: "Places are \(roots), and what is mounted below them. An ordinary folder needs no acceptance.",
            fix: "See them: waybill check")
    }
}
