/// `verify.sh`, which goes into every proof: the published copy, `Documentation/verify.sh`.
enum VerifyScript {
    static var bytes: [UInt8] { PackageResources.verify_sh }
}
