internal import Exchange
package import Ledger

/// What an agency needs to sign and to check notes about ledgers.
package struct NoteKeys: Sendable {
    package let signer: any CheckpointSigner
    /// Raw public keys of our ledger certificates, the present one and former ones: 32 bytes each.
    package let ourKeys: @Sendable () -> [[UInt8]]
    package let crypto: any LedgerCrypto

    package init(
        signer: any CheckpointSigner, ourKeys: @escaping @Sendable () -> [[UInt8]], crypto: any LedgerCrypto
    ) {
        self.signer = signer
        self.ourKeys = ourKeys
        self.crypto = crypto
    }
}
