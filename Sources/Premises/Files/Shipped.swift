/// The catalogue of law and the agreements that come with Waybill, as `Catalogue/` holds them.
package enum Shipped {
    package static var catalogue: [UInt8] { PackageResources.catalogue_2026_11_30_yaml }

    /// The words of the content check.
    package static var words: [UInt8] { PackageResources.words_2026_11_22_yaml }
    package static let wordsName = "words-2026-11-22.yaml"
    package static let catalogueName = "catalogue-2026-11-30.yaml"

    /// File name and content.
    package static var agreements: [(name: String, bytes: [UInt8])] {
        [
            ("tees-tier-2.yaml", PackageResources.tees_tier_2_yaml), ("tier-1.yaml", PackageResources.tier_1_yaml),
        ]
    }
}
