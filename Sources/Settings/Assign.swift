/// Takes a value over a default, if there is one.
enum Assign {
    static func set<Value>(_ value: Value?, _ place: inout Value) {
        if let value { place = value }
    }
}
