/// Several files in one input: for each its name, a line feed, its length in digits, a line feed, its bytes.
package struct FileBundle: Sendable {
    package private(set) var files: [String: [UInt8]] = [:]

    package init(_ files: [String: [UInt8]]) { self.files = files }

    package init(parsing bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let name = Self.line(&rest)
            guard let count = Int(Self.line(&rest)), count >= 0 else { throw Refused() }
            files[name] = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    package var bytes: [UInt8] {
        files.sorted { $0.key < $1.key }.flatMap { name, content in
            Array("\(name)\n\(content.count)\n".utf8) + content
        }
    }

    private static func line(_ rest: inout ArraySlice<UInt8>) -> String {
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest.dropFirst(line.count + 1)
        return String(decoding: line, as: UTF8.self)
    }
}
