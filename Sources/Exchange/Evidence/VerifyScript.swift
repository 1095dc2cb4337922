/// `verify.sh`, which goes into every proof. The published copy is `Documentation/verify.sh`; a test keeps them equal.
///
/// It stands in the code because the programs are one file each, and in five parts because it is long.
enum VerifyScript {
    static let text = tools + signatures + checks + ledger + set
}
