import Testing

@testable import Folders

@Suite("Whose lock file it is")
struct OfficeMarkTests {
    private func microsoft(_ name: String, places: Int) -> [UInt8] {
        let narrow = Array(name.utf8.filter { $0 < 0x80 })
        var bytes = [UInt8(narrow.count)] + narrow + [UInt8](repeating: 0x20, count: places - narrow.count)
        let units = Array(name.utf16)
        bytes += [UInt8(units.count), 0]
        for unit in units { bytes += [UInt8(unit & 0xff), UInt8(unit >> 8)] }
        return bytes + [UInt8](repeating: 0, count: 1 + places + 2 + 2 * places - bytes.count)
    }

    @Test("Word's and Excel's hold the name in UTF-16", arguments: [53, 54])
    func office(places: Int) {
        let bytes = microsoft("Zo\u{eb} \u{141}", places: places)
        #expect(bytes.count == [53: 162, 54: 165][places])
        #expect(OfficeMark.microsoft(bytes) == "Zo\u{eb} \u{141}")
        #expect(OfficeMark.microsoft([]) == nil)
        #expect(OfficeMark.microsoft([UInt8](repeating: 0, count: 162)) == nil)
    }

    @Test("LibreOffice's hold it as text, the account where there is no name")
    func libreOffice() {
        #expect(
            OfficeMark.libreOffice(Array("Smith\\, Ann,asmith,pc1,30.11.2026 09:00,file:///x;".utf8)) == "Smith, Ann")
        #expect(OfficeMark.libreOffice(Array(",asmith,pc1,30.11.2026 09:00,file:///x;".utf8)) == "asmith")
        #expect(OfficeMark.libreOffice([]) == nil)
    }

    @Test("it is read where it lies, on one line, and an empty one names nobody")
    func read() throws {
        let temp = try TestFolder()
        try temp.folder.put(".~lock.a.odt#", "Ann\nSmith,as,pc,now,p;")
        try temp.folder.put("~$b.docx", "")
        #expect(OfficeMark.owner(in: try .of(".~lock.a.odt#"), of: temp.folder) == "AnnSmith")
        #expect(OfficeMark.owner(in: try .of("~$b.docx"), of: temp.folder) == nil)
    }
}
