import Envelope
import Foundation
import Vocabulary

/// A time authority made of the stock command: root and signer in files, answers by `openssl ts -reply`.
struct StockAuthority {
    let folder: TemporaryFolder
    let openssl: StockOpenSSL

    /// - Parameters:
    ///   - usage: of the section `other` that the signer may be certified by later.
    ///   - signer: `-newkey` of the signer.
    init(
        usage: String = "critical,timeStamping", signer: String = "ec -pkeyopt ec_paramgen_curve:P-256",
        digests: String = "sha256, sha384, sha512", isLegacy: Bool = false
    ) throws {
        folder = try TemporaryFolder()
        openssl = StockOpenSSL(folder: folder)
        try folder.write(Self.settings(usage, digests, isLegacy ? "sha1" : "sha256").utf8, to: "tsa.cnf")
        try openssl.run(
            """
            req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 30 -subj \
            '/CN=Root of time' -config tsa.cnf -extensions root
            """)
        try openssl.run(
            "req -newkey \(signer) -nodes -keyout tsa.key -out tsa.csr -subj '/CN=Clock of tests' -config tsa.cnf")
        try certify()
    }

    /// Certifies the signer anew.
    func certify(from: String = "20260101000000Z", until: String = "20491231000000Z", as name: String = "signer") throws
    {
        for (file, text) in [("index.txt", ""), ("index.txt.attr", "unique_subject = no\n")] {
            try folder.write(text.utf8, to: file)
        }
        try openssl.run(
            """
            ca -batch -notext -config tsa.cnf -in tsa.csr -out tsa.pem -startdate \(from) -enddate \(until) \
            -extensions \(name) -rand_serial
            """)
    }

    /// A token over any TSTInfo, signed by the signer with whatever certificate it has now, as nobody honest would.
    func forged(_ info: [UInt8]) throws -> [UInt8] {
        try folder.write(info, to: "info.der")
        try openssl.run(
            """
            cms -sign -cades -binary -nodetach -nosmimecap -md sha256 -in info.der -signer tsa.pem -inkey tsa.key \
            -econtent_type 1.2.840.113549.1.9.16.1.4 -outform DER -out forged.tsr
            """)
        return try folder.read("forged.tsr")
    }

    /// TSTInfo of a token.
    static func info(_ token: [UInt8]) throws -> DERTree { try DERTree(DERTree(token)[[1, 0, 2, 1, 0]].content) }

    private static func settings(_ usage: String, _ digests: String, _ identifier: String) -> String {
        """
        [req]
        distinguished_name = name
        [name]
        [root]
        basicConstraints = critical,CA:true
        keyUsage = critical,keyCertSign
        [signer]
        basicConstraints = critical,CA:false
        keyUsage = critical,digitalSignature
        extendedKeyUsage = critical,timeStamping
        [other]
        basicConstraints = critical,CA:false
        keyUsage = critical,digitalSignature
        \(usage.isEmpty ? "" : "extendedKeyUsage = \(usage)")
        [ca]
        default_ca = root_ca
        [root_ca]
        database = index.txt
        serial = ca.srl
        new_certs_dir = .
        certificate = root.pem
        private_key = root.key
        default_md = sha256
        policy = any
        [any]
        commonName = supplied
        [tsa]
        default_tsa = here
        [here]
        serial = serial
        signer_cert = tsa.pem
        certs = root.pem
        signer_key = tsa.key
        signer_digest = sha256
        default_policy = 1.2.3.4.1
        digests = \(digests)
        accuracy = secs:1, millisecs:500
        clock_precision_digits = 3
        ordering = yes
        tsa_name = yes
        ess_cert_id_chain = yes
        ess_cert_id_alg = \(identifier)

        """
    }

    /// TimeStampResp.
    func reply(to request: TimestampRequest) throws -> [UInt8] {
        try folder.write(request.der, to: "query.tsq")
        try openssl.run("ts -reply -config tsa.cnf -queryfile query.tsq -out reply.tsr")
        return try folder.read("reply.tsr")
    }

    func trusted(_ files: String...) throws -> TimeAuthorities {
        try TimeAuthorities(pem: (files.isEmpty ? ["root.pem"] : files).flatMap { try folder.read($0) })
    }
}
