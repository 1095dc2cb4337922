import Testing

/// DER taken apart, to be put together wrongly. Lengths are made right again, so that a forgery is exactly one change.
struct DERTree {
    var tag: UInt8
    var content: [UInt8] = []
    var children: [DERTree] = []

    init(_ tag: UInt8, _ content: [UInt8]) { (self.tag, self.content) = (tag, content) }

    init(_ der: [UInt8]) throws {
        var rest = der[...]
        self = try Self.read(&rest)
        try #require(rest.isEmpty)
    }

    var der: [UInt8] {
        let body = tag & 0x20 == 0 ? content : children.flatMap(\.der)
        return [tag] + Self.length(body.count) + body
    }

    /// With the NULL that RFC 5754 lets an AlgorithmIdentifier have or not have.
    func withNullParameters(at path: [Int]) -> DERTree {
        var tree = self
        tree[path].children.append(DERTree(0x05, []))
        return tree
    }

    /// The element reached by these child positions.
    subscript(path: [Int]) -> DERTree {
        get { self[path[...]] }
        set { self[path[...]] = newValue }
    }

    private subscript(path: ArraySlice<Int>) -> DERTree {
        get { path.first.map { children[$0][path.dropFirst()] } ?? self }
        set {
            guard let first = path.first else { return self = newValue }
            children[first][path.dropFirst()] = newValue
        }
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 0x80 else { return [UInt8(count)] }
        var octets: [UInt8] = []
        var left = count
        while left > 0 {
            octets.insert(UInt8(left & 0xff), at: 0)
            left >>= 8
        }
        return [0x80 | UInt8(octets.count)] + octets
    }

    private static func read(_ bytes: inout ArraySlice<UInt8>) throws -> DERTree {
        try #require(bytes.count >= 2)
        let tag = bytes.removeFirst()
        var count = Int(bytes.removeFirst())
        if count >= 0x80 {
            let octets = bytes.prefix(count & 0x7f)
            bytes = bytes.dropFirst(count & 0x7f)
            count = octets.reduce(0) { $0 << 8 | Int($1) }
        }
        try #require(count <= bytes.count)
        var body = bytes.prefix(count)
        bytes = bytes.dropFirst(count)
        var tree = DERTree(tag, tag & 0x20 == 0 ? Array(body) : [])
        while tag & 0x20 != 0, !body.isEmpty { tree.children.append(try read(&body)) }
        return tree
    }
}
