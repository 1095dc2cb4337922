/// The catalogue of law and the agreements that come with Waybill, as `Catalogue/` holds them.
package enum Shipped {
    package static var catalogue: [UInt8] { PackageResources.catalogue_2026_11_22_yaml }

    /// File name and content.
    package static var agreements: [(name: String, bytes: [UInt8])] {
        [
            ("tees-tier-2.yaml", PackageResources.tees_tier_2_yaml), ("tier-1.yaml", PackageResources.tier_1_yaml),
        ]
    }
}
