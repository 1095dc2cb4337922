internal import Folders
internal import GRDB

/// Names as people look for them: without case, composed or not. Computed while reading and not stored: an index over it would
/// be one more entry for each file, for a question that is asked now and then.
enum NameKey {
    /// Names of plain ASCII, which most are, SQLite puts into lower case by itself, ten times as fast.
    static let column = "CASE WHEN name GLOB '*[^ -~]*' THEN \(function)(name) ELSE lower(name) END"
    private static let function = "waybill_name_key"

    static func of(_ name: String) -> String { String(decoding: SafeName.clashKey(name), as: UTF8.self) }

    /// To be added to every connection that answers lists.
    static func add(to db: Database) {
        db.add(
            function: DatabaseFunction(function, argumentCount: 1, pure: true) { values in
                values.first.flatMap(String.fromDatabaseValue).map(of)
            })
    }
}
