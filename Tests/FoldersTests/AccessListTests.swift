import Testing

@testable import Folders

@Suite("Access lists")
struct AccessListTests {
    typealias Entry = AccessList.Entry

    @Test("a private file becomes readable for one user more, and for nobody else")
    func letting() throws {
        let list = AccessList(mode: 0o600).letting(read: 100)
        let wanted = [
            Entry(tag: .owner, permissions: 6), Entry(tag: .user, permissions: 4, id: 100),
            Entry(tag: .group, permissions: 0), Entry(tag: .mask, permissions: 4), Entry(tag: .others, permissions: 0),
        ]
        #expect(list.entries == wanted)
        #expect(list.ofGroup == 0)
        #expect(AccessList(list.bytes) == list)
    }

    @Test("permissions that slept under the mask do not wake when it widens")
    func sleeping() throws {
        // As a default list of the folder leaves a file that was made with mode 0600.
        let text: [(UInt8, UInt8, UInt32)] = [
            (1, 6, .max), (2, 7, 100), (4, 7, .max), (8, 7, 50), (0x10, 0, .max), (0x20, 0, .max),
        ]
        var bytes: [UInt8] = [2, 0, 0, 0]
        for (tag, permissions, id) in text {
            bytes += [tag, 0, permissions, 0] + [0, 8, 16, 24].map { UInt8(id >> UInt32($0) & 0xff) }
        }
        let list = try #require(AccessList(bytes)).letting(read: 100)
        #expect(list.entries.filter { $0.tag == .namedGroup || $0.tag == .group }.allSatisfy { $0.permissions == 0 })
        #expect(list.entries.first { $0.tag == .user } == Entry(tag: .user, permissions: 4, id: 100))
        #expect(list.entries.map(\.tag.rawValue) == list.entries.map(\.tag.rawValue).sorted())
    }

    @Test(
        "what is no list is none",
        arguments: [[], [1, 0, 0, 0], [2, 0, 0, 0, 9], [2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]])
    func garbage(_ bytes: [UInt8]) { #expect(AccessList(bytes) == nil) }
}
