/// Takes a value over a default, if there is one.
package enum Assign {
    /// Leaves the place as it is where there is none.
    package static func set<Value>(_ value: Value?, _ place: inout Value) {
        if let value { place = value }
    }
}
