@testable import Exchange
import Folders
import Foundation
import Testing

@Suite struct FolderCacheTests {
    private let root = NSTemporaryDirectory() + "waybill-cache-" + UUID().uuidString

    @Test("folders beyond the bound make way, the one asked for longest ago first")
    func bound() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        let (cache, folder) = (FolderCache(most: 3), try Folder.make(root, mode: 0o700))
        for name in ["a", "b", "c"] { cache[name] = folder }
        #expect(cache["a"] != nil)
        cache["d"] = folder
        #expect(cache.count == 3)
        #expect(cache["b"] == nil && cache["a"] != nil && cache["c"] != nil && cache["d"] != nil)
    }

    @Test("a name that was taken stays taken when its folder is opened anew")
    func taken() throws {
        defer { try? FileManager.default.removeItem(atPath: root) }
        _ = try Folder.make(root, mode: 0o700)
        let names = TakenNames()
        var (first, second) = (TakenNames.Given(), TakenNames.Given())
        #expect(try names.reserve("plan.pdf", in: Folder(root), besides: &first) == "plan.pdf")
        try Data().write(to: URL(fileURLWithPath: "\(root)/plan.pdf"))
        #expect(try names.reserve("PLAN.pdf", in: Folder(root), besides: &second) != "PLAN.pdf")
    }
}
