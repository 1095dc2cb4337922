import Foundation
import Logging
import Testing
import TransportHTTPS

@Suite("Control socket", .timeLimit(.minutes(5)))
struct ControlSocketTests {
    private let socket = "/tmp/waybill-control-\(UInt32.random(in: 0...UInt32.max)).sock"
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func serving(_ body: () async throws -> Void) async throws {
        let server = ControlServer(socket: socket, log: log) { caller, request in
            Array("\(caller.pid) \(caller.uid) \(caller.gid) ".utf8) + request
        }
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { isReady.finish() } }
            for await _ in ready {}
            try await body()
            group.cancelAll()
        }
    }

    @Test("the caller is known by its credentials and gets the handler's bytes")
    func answers() async throws {
        try await serving {
            let answer = try await ControlClient(socket: socket).ask(Array("{}".utf8))
            let expected = "\(ProcessInfo.processInfo.processIdentifier) \(getuid()) \(getgid()) {}"
            #expect(String(decoding: answer, as: UTF8.self) == expected)
        }
    }

    @Test("the socket is for its owner and group, and goes with the server")
    func mode() async throws {
        try await serving {
            let attributes = try FileManager.default.attributesOfItem(atPath: socket)
            #expect(attributes[.posixPermissions] as? Int == 0o660)
        }
        #expect(!FileManager.default.fileExists(atPath: socket))
    }

    @Test("without a daemon the client says so")
    func notRunning() async throws {
        await #expect(throws: ControlClient.Failure.notRunning) { try await ControlClient(socket: socket).ask([]) }
    }
}
