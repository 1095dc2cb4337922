internal import Envelope
internal import Folders
internal import Transport
internal import Vocabulary

/// A question to a witness and its answer, as files beside the statements.
///
///     HASH.witness      the request; HASH is its SHA-256 in hexadecimal
///     HASH.witnessed    the answer: the status of C2SP tlog-witness, a line feed, the body
struct WitnessFiles: Hashable {
    let hash: Digest

    init(_ request: [UInt8]) { hash = SHA256.digest(request) }

    /// Nil for any other file than a request.
    init?(request name: String) {
        guard name.hasSuffix(Self.request), let hash = try? Digest(hex: String(name.dropLast(Self.request.utf8.count)))
        else { return nil }
        self.hash = hash
    }

    private static let request = ".witness"
    private static let answer = ".witnessed"
    /// Bytes of an answer's file.
    static let greatestAnswer = QuestionBounds.signatures + 4

    func request() throws(FileTrouble) -> FileName { try FolderRoad.fileName(hash.hex + Self.request) }
    func answer() throws(FileTrouble) -> FileName { try FolderRoad.fileName(hash.hex + Self.answer) }

    static func isOurs(_ name: String) -> Bool {
        [request, answer].contains { name.hasSuffix($0) && name.utf8.count == 64 + $0.utf8.count }
    }
}

extension WitnessAnswer {
    var file: [UInt8] { Array("\(status)\n".utf8) + body }

    /// Reads the one spelling; nil for anything else.
    init?(file: [UInt8]) {
        guard file.count >= 4, let status = Int(String(decoding: file[..<3], as: UTF8.self)) else { return nil }
        self.init(status: status, body: Array(file[4...]))
        guard self.file == file else { return nil }
    }
}
