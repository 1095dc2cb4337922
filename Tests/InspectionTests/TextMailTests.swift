import Testing

@testable import Inspection

@Suite struct MailReaderTests {
    /// A message with an alternative, a table, a message within and a picture.
    static let message = Array(
        """
        Received: from mail.example
        From: =?utf-8?Q?Zo=C3=AB_Smith?= <zoe@example.org>
        To: duty@example.gov.uk
        Subject: =?UTF-8?B?U3RyYXRlZ3kgbWU=?=
         =?UTF-8?B?ZXRpbmc=?= for one =?iso-8859-1?q?caf=E9?=
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="out er"

        This is for old readers: 111

        --out er
        Content-Type: multipart/alternative;
         boundary=inner

        --inner
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        Zo=C3=AB was seen by the
         health visi=
        tor, 1 =3D 1

        --inner
        Content-Type: text/html

        <p>Zo&euml;</p><p>was seen</p>
        --inner--

        --out er
        Content-Type: text/csv; name="children.csv"
        Content-Disposition: attachment; filename="children.csv"
        Content-Transfer-Encoding: base64

        bmFtZSxOSFMKIlNtaXRoLCBK
        byIsOTk5MDAwMDAxOAo=
        --out er
        Content-Type: message/rfc822

        Subject: within
        From: a@example.org

        inner text
        --not a boundary
        --out er
        Content-Type: image/png
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --out er--
        epilogue: 222

        """.utf8)

    @Test("header, text parts, tables and messages within are read, other parts are counted")
    func whole() {
        var reader = MailReader()
        var recorder = Recorder()
        reader.read(Self.message.span, into: &recorder)
        reader.end(into: &recorder)
        let text = recorder.trimmed
        #expect(
            text.hasPrefix(
                "from: Zoë Smith <zoe@example.org>|to: duty@example.gov.uk|subject: Strategy meeting for one café|"))
        #expect(text.contains("|Zoë was seen by the\n health visitor, 1 = 1\n"))
        #expect(text.contains("|Zoë|was seen|"))
        #expect(text.contains("|name|NHS|Smith, Jo|9990000018|"))
        #expect(text.contains("|subject: within|from: a@example.org|inner text\n--not a boundary\n"))
        #expect(!text.contains("111") && !text.contains("222") && !text.contains("iVBOR"))
        #expect(reader.unread == 1)
    }

    @Test("a message without MIME is its header and its text")
    func simple() {
        #expect(text(MailReader(), "Subject: a\r\nX-Spam: no\r\n\r\nbody\r\n") == "subject: a|body\r\n")
    }

    @Test("lines and header fields without end take bounded room")
    func endless() {
        let subject = "Subject: " + String(repeating: "x", count: 200_000)
        #expect(text(MailReader(), subject + "\n\nbody").hasSuffix("|body"))
        let long = String(repeating: "y", count: 200_000)
        #expect(text(MailReader(), "Subject: a\n\n" + long) == "subject: a|" + long)
    }

    @Test("multiparts within multiparts are followed only so far")
    func nested() {
        let message = (0..<100).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
        var reader = MailReader()
        var recorder = Recorder()
        reader.read(Array((message + "\ndeep").utf8).span, into: &recorder)
        reader.end(into: &recorder)
        #expect(reader.unread == 1)
        #expect(recorder.trimmed.isEmpty)
    }

    @Test(
        "encoded words are decoded, and what only looks like one is left",
        arguments: [
            ("a =?utf-8?q?b_c?= d", "a b c d"), ("=?utf-8?b?w6k=?= =?utf-8?b?w6k=?=", "éé"),
            ("=?utf-8?b?ww==?= =?utf-8?b?qQ==?=", "é"), ("=?windows-1252?Q?=93x=94?=", "“x”"), ("=?x?= y", "=?x?= y"),
            ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
        ])
    func encodedWords(_ raw: String, _ expected: String) throws {
        let header = try #require(MailHeader(Array("Subject: \(raw)".utf8)))
        #expect(String(decoding: header.decoded, as: UTF8.self) == expected)
    }
}
