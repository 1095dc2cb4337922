import ExchangeTesting
import Foundation
import Logging
import Transport
import TransportHTTPS
import Vocabulary

/// Police as the sender, council as the recipient, over loopback.
struct HTTPSRig: TransportRig {
    let isLive = true
    /// A machine that runs a thousand tests at a time may need longer for a handshake than a partner is given.
    var limits = {
        var limits = CollectorLimits()
        limits.handshake = .seconds(60)
        return limits
    }()
    var budget = Budget()
    var courierLimits = CourierLimits()

    func around(_ handler: TransportTestHandler, _ body: (any Courier) async throws -> Void) async throws {
        let all = try TestAgencies.all()
        try await collecting(handler, TestDirectory(all.police)) { _, port in
            let courier = try courier(as: all.police, to: all.council, port: port, TestDirectory(all.council))
            do { try await body(courier) } catch {
                await courier.shutdown()
                throw error
            }
            await courier.shutdown()
        }
    }

    func courier(
        as sender: TestAgency, to recipient: TestAgency, port: Int, _ directory: TestDirectory
    ) throws -> HTTPSCourier {
        try HTTPSCourier(
            to: recipient.id, at: "127.0.0.1:\(port)", keys: TLSKeys(sender.credentials), directory: directory,
            limits: courierLimits)
    }

    /// Runs the council's collector while `body` runs.
    func collecting(
        _ handler: some ArrivalHandler, _ directory: TestDirectory, presenting keys: TLSKeys? = nil,
        _ body: (HTTPSCollector, Int) async throws -> Void
    ) async throws {
        var log = Logger(label: "test")
        log.logLevel = .critical
        let collector = try HTTPSCollector(
            host: "127.0.0.1", port: 0, keys: keys ?? TLSKeys(TestAgencies.all().council.credentials),
            directory: directory,
            limits: limits, budget: budget, log: log)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await collector.run(handler: handler) }
            guard let port = await collector.boundPort else { throw NotBound() }
            try await body(collector, port)
            group.cancelAll()
        }
    }

    struct NotBound: Error {}

    /// Talks to the collector with the `openssl` command, as the police, and returns everything that was printed.
    @discardableResult
    func talk(
        _ port: Int, _ request: String, _ options: [String] = [], body: [UInt8] = []
    ) async throws -> String {
        let police = try TestAgencies.all().police
        let ours = ["-cert", police.certificateFile, "-key", police.keyFile]
        return try await tlsClient(port, request, ours + options, body: body)
    }

    /// The same without a certificate, or with that which `options` name. On a thread of its own, because it blocks.
    func tlsClient(
        _ port: Int, _ request: String, _ options: [String] = [], body: [UInt8] = []
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            let arguments = ["s_client", "-connect", "127.0.0.1:\(port)"] + options + ["-ign_eof"]
            Thread { continuation.resume(with: Result { try openssl(arguments, input: request, body: body) }) }.start()
        }
    }

    /// Sends what stands in `request` as the police, and hangs up when `isTime`, and once `word` has been said. Returns
    /// everything that was printed.
    @discardableResult
    func hangUp(
        _ port: Int, after request: String, orSaid word: String? = nil,
        when isTime: @escaping @Sendable () -> Bool = { true }
    ) async throws -> String {
        let police = try TestAgencies.all().police
        return try await withCheckedThrowingContinuation { continuation in
            let arguments = [
                "s_client", "-connect", "127.0.0.1:\(port)", "-cert", police.certificateFile, "-key", police.keyFile,
            ]
            Thread {
                let said = Result { try openssl(arguments, input: request, hangUpWhen: isTime, orSaid: word) }
                continuation.resume(with: said)
            }.start()
        }
    }
}
