internal import Yams

/// A place in a file; both count from 1.
package struct Position: Hashable {
    let line: Int
    let column: Int
}

extension Node {
    var position: Position? { mark.map { Position(line: $0.line, column: $0.column) } }
}

extension Node.Mapping {
    var position: Position? { mark.map { Position(line: $0.line, column: $0.column) } }
}
