internal import ArgumentParser
internal import Dispatch
internal import Foundation
internal import Premises

struct DemoVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Three agencies on this machine exchange files before your eyes.",
        discussion: """
            Real daemons, mutual TLS on loopback, real keys, invented people. Ends with a proof that openssl alone \
            verifies. Leaves nothing behind unless you name a folder. Ctrl-C stops it and tidies up.
            """)

    @Argument(help: "A missing or empty folder to play in; it is kept.", completion: .directory) var folder: String?
    @Flag(help: "Keep the temporary folder.") var keep = false

    func run() async throws {
        let stage = try DemoStage(named: folder, keep: keep)
        let play = Task { try await DemoStory(stage).play() }
        let signals = Self.onInterrupt { play.cancel() }
        let result = await play.result
        let left = await stage.leave()
        for signal in signals { signal.cancel() }
        if case .failure(is CancellationError) = result {
            Terminal.complain("\nStopped. \(left)")
            throw Answer(code: 130)
        }
        Terminal.complain("\n\(left)")
        try result.get()
    }

    /// While these live, Ctrl-C and SIGTERM do this instead of ending the process.
    private static func onInterrupt(_ action: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler(handler: action)
            source.resume()
            return source
        }
    }
}
