import ExchangeTesting
import Transport
import TransportHTTPS
import Testing

@Suite("New TLS keys", .timeLimit(.minutes(5)))
struct RenewTests {
    private let handler = TransportTestHandler()
    private let rig = HTTPSRig()

    @Test("a courier dials with the new key once it was told, and what is under way ends on the old connection")
    func renewed() async throws {
        let all = try TestAgencies.all()
        let directory = TestDirectory(all.police)
        handler.manner = .slow(.milliseconds(50))
        try await rig.collecting(handler, directory) { _, port in
            let keys = TLSKeys(all.police.credentials)
            let courier = try HTTPSCourier(
                to: all.council.id, at: "127.0.0.1:\(port)", keys: keys, directory: TestDirectory(all.council))
            async let answer = courier.carry(TransportTestParcel(parts: 10), from: 1)
            try await eventually { handler.bytesSeen > 0 }
            // A key that nobody knows here shows which one is used.
            try keys.replace(all.stranger.credentials)
            await courier.renew()
            let refused = await courier.enquire(TransportTestParcel(parts: 0).id)
            #expect(refused.later?.reason == .notTrusted)
            handler.manner = .receipts
            #expect(try await answer.isReceipt)
            try keys.replace(all.police.credentials)
            await courier.renew()
            #expect(await courier.enquire(TransportTestParcel(parts: 0).id).isUnknown)
            await courier.shutdown()
        }
    }
}
