// The only door to libcrypto. What Swift cannot call (macros, variadic functions), and what would be mostly pointers
// there, stands here as small inline functions. Each returns 1 (or a length) for success and 0 for failure and leaves
// the reason in OpenSSL's error queue. None of libcrypto's own CMS readers is called: see Envelope/DERReader.swift.
#pragma once
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/tserr.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string.h>
#include <time.h>

// HMAC-SHA-256 of `n` bytes into 32 bytes.
static inline int waybill_hmac_sha256(const void *key, int key_n, const uint8_t *data, size_t n, uint8_t *out) {
    return HMAC(EVP_sha256(), key, key_n, data, n, out, NULL) != NULL;
}

static inline EVP_PKEY *waybill_generate_p256(void) { return EVP_EC_gen("P-256"); }
static inline EVP_PKEY *waybill_generate_ed25519(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }

// A fresh key on the curve of `like`. Cheaper than naming the curve: nothing is looked up.
static inline EVP_PKEY *waybill_generate_like(EVP_PKEY *like) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, like, NULL);
    if (ctx && EVP_PKEY_keygen_init(ctx) == 1) EVP_PKEY_generate(ctx, &key);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

// The raw public key: 65 bytes of uncompressed point for P-256, 32 bytes for Ed25519. Returns the length.
static inline size_t waybill_public_bytes(EVP_PKEY *key, uint8_t *out, size_t room) {
    size_t n = 0;
    if (EVP_PKEY_is_a(key, "ED25519")) return EVP_PKEY_get_raw_public_key(key, out, &room) == 1 ? room : 0;
    return EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", out, room, &n) == 1 ? n : 0;
}

// Whether the public part is a sound key of its kind. For P-256 the quick check is the whole check: a point that is on
// the curve and not at infinity has the right order, because that order is prime (SP 800-56A, 5.6.2.3.4).
static inline int waybill_key_is_sound(EVP_PKEY *key) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    int ok = ctx && (EVP_PKEY_is_a(key, "EC") ? EVP_PKEY_public_check_quick(ctx) : EVP_PKEY_public_check(ctx)) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

// An outsider's public key on the curve of `like` from an uncompressed point, if it is sound.
static inline EVP_PKEY *waybill_point_like(EVP_PKEY *like, const uint8_t *point, size_t n) {
    EVP_PKEY *key = EVP_PKEY_new();
    if (key && EVP_PKEY_copy_parameters(key, like) == 1 && EVP_PKEY_set1_encoded_public_key(key, point, n) == 1
        && waybill_key_is_sound(key))
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

// Never asks a person: a daemon has no terminal.
static inline int waybill_no_password(char *buf, int size, int writing, void *u) {
    (void)buf, (void)size, (void)writing, (void)u;
    return -1;
}

static inline EVP_PKEY *waybill_key_from_pem(const void *pem, int n) {
    BIO *bio = BIO_new_mem_buf(pem, n);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, waybill_no_password, NULL) : NULL;
    BIO_free(bio);
    return key;
}

// PKCS#8 in PEM into `out`. Returns the length. The memory in between is cleared by libcrypto.
static inline int waybill_key_to_pem(EVP_PKEY *key, uint8_t *out, int room) {
    BIO *bio = BIO_new(BIO_s_secmem());
    int n = 0;
    if (bio && PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1) n = BIO_read(bio, out, room);
    BIO_free(bio);
    return n > 0 ? n : 0;
}

// DER of a PEM block of that name into `out`. Returns the length, 0 if there is none or it does not fit.
static inline long waybill_pem_to_der(const char *name, const void *pem, int n, uint8_t *out, long room) {
    BIO *bio = BIO_new_mem_buf(pem, n);
    unsigned char *der = NULL;
    long der_n = 0;
    int ok = bio && PEM_bytes_read_bio(&der, &der_n, NULL, name, bio, waybill_no_password, NULL) == 1 && der_n <= room;
    if (ok) memcpy(out, der, (size_t)der_n);
    OPENSSL_free(der);
    BIO_free(bio);
    return ok ? der_n : 0;
}

// The key in a DER SubjectPublicKeyInfo that fills all of `n` bytes.
static inline EVP_PKEY *waybill_key_from_spki(const uint8_t *der, long n) {
    const unsigned char *at = der;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, n);
    if (key && at == der + n) return key;
    EVP_PKEY_free(key);
    return NULL;
}

// DER SubjectPublicKeyInfo into `out`. Returns the length.
static inline int waybill_key_to_spki(EVP_PKEY *key, uint8_t *out, int room) {
    unsigned char *at = out;
    int n = i2d_PUBKEY(key, NULL);
    return n > 0 && n <= room ? i2d_PUBKEY(key, &at) : 0;
}

// Signatures: `padding` is RSA's (PSS with a salt as long as the digest), 0 for other kinds; `digest` is NULL for
// Ed25519.
static inline int waybill_signing_context(EVP_PKEY_CTX *ctx, int padding) {
    if (padding == 0) return 1;
    if (EVP_PKEY_CTX_set_rsa_padding(ctx, padding) != 1) return 0;
    return padding != RSA_PKCS1_PSS_PADDING || EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

// Returns the length of the signature, at most `room`.
static inline size_t waybill_sign(EVP_PKEY *key, const char *digest, int padding, const uint8_t *data, size_t n,
                                  uint8_t *out, size_t room) {
    EVP_PKEY_CTX *pctx = NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int ok = ctx && EVP_DigestSignInit_ex(ctx, &pctx, digest, NULL, NULL, key, NULL) == 1
        && waybill_signing_context(pctx, padding) && EVP_DigestSign(ctx, out, &room, data, n) == 1;
    EVP_MD_CTX_free(ctx);
    return ok ? room : 0;
}

static inline int waybill_verify(EVP_PKEY *key, const char *digest, int padding, const uint8_t *data, size_t n,
                                 const uint8_t *sig, size_t sig_n) {
    EVP_PKEY_CTX *pctx = NULL;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int ok = ctx && EVP_DigestVerifyInit_ex(ctx, &pctx, digest, NULL, NULL, key, NULL) == 1
        && waybill_signing_context(pctx, padding) && EVP_DigestVerify(ctx, sig, sig_n, data, n) == 1;
    EVP_MD_CTX_free(ctx);
    return ok;
}

// AES-256-GCM in place over `n` bytes; the tag (16 bytes) is written when sealing and checked when opening.
static inline int waybill_gcm(const EVP_CIPHER *gcm, int seal, const uint8_t *key, const uint8_t *nonce, uint8_t *data,
                              int n, uint8_t *tag) {
    int done = 0, last = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int ok = ctx && EVP_CipherInit_ex2(ctx, gcm, key, nonce, seal, NULL) == 1
        && (n == 0 || EVP_CipherUpdate(ctx, data, &done, data, n) == 1)
        && (seal || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16, tag) == 1)
        && EVP_CipherFinal_ex(ctx, data + done, &last) == 1 && done + last == n
        && (!seal || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1);
    EVP_CIPHER_CTX_free(ctx);
    return ok;
}

// The shared secret of P-256 (32 bytes). The peer must have passed waybill_key_is_sound: it is not checked again.
static inline int waybill_ecdh(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *z) {
    size_t n = 32;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    int ok = ctx && EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) == 1
        && EVP_PKEY_derive(ctx, z, &n) == 1 && n == 32;
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

// Wraps (32 -> 40 bytes) or unwraps (40 -> 32) a content key as RFC 5753 and RFC 3394 say, with the key encryption key
// SHA-256(Z || 00000001 || info). No secret but the content key leaves this function.
static inline int waybill_ecdh_wrap(EVP_PKEY *own, EVP_PKEY *peer, const uint8_t *info, size_t info_n,
                                    const EVP_MD *sha256, const EVP_CIPHER *wrap, int seal, const uint8_t *in,
                                    uint8_t *out) {
    static const uint8_t counter[4] = {0, 0, 0, 1};
    uint8_t z[32], kek[32], room[48];
    int n = 0, last = 0, want = seal ? 40 : 32;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (ctx) EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    int ok = md && ctx && waybill_ecdh(own, peer, z) && EVP_DigestInit_ex2(md, sha256, NULL) == 1
        && EVP_DigestUpdate(md, z, 32) == 1 && EVP_DigestUpdate(md, counter, 4) == 1
        && EVP_DigestUpdate(md, info, info_n) == 1 && EVP_DigestFinal_ex(md, kek, NULL) == 1
        && EVP_CipherInit_ex2(ctx, wrap, kek, NULL, seal, NULL) == 1
        && EVP_CipherUpdate(ctx, room, &n, in, seal ? 32 : 40) == 1 && n == want
        && EVP_CipherFinal_ex(ctx, room + n, &last) == 1 && last == 0;
    if (ok) memcpy(out, room, (size_t)want);
    EVP_MD_CTX_free(md);
    EVP_CIPHER_CTX_free(ctx);
    OPENSSL_cleanse(z, sizeof z);
    OPENSSL_cleanse(kek, sizeof kek);
    OPENSSL_cleanse(room, sizeof room);
    return ok;
}

// RSA-OAEP with SHA-256 for digest and mask. Returns the length, at most `room`.
static inline size_t waybill_oaep(EVP_PKEY *key, int seal, const uint8_t *in, size_t n, uint8_t *out, size_t room) {
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    int ok = ctx && (seal ? EVP_PKEY_encrypt_init(ctx) : EVP_PKEY_decrypt_init(ctx)) == 1
        && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1
        && EVP_PKEY_CTX_set_rsa_oaep_md(ctx, EVP_sha256()) == 1 && EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1
        && (seal ? EVP_PKEY_encrypt(ctx, out, &room, in, n) : EVP_PKEY_decrypt(ctx, out, &room, in, n)) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok ? room : 0;
}

// A certificate that fills all of `n` bytes and encodes to the same bytes again.
static inline X509 *waybill_certificate(const uint8_t *der, long n) {
    const unsigned char *at = der;
    X509 *cert = d2i_X509(NULL, &at, n);
    if (cert && at == der + n) return cert;
    X509_free(cert);
    return NULL;
}

// Whether the chain from `leaf` to `identity` holds, as in `openssl cms -verify` with a store of that identity alone
// and -purpose any. Time is left to the caller.
static inline int waybill_issued(const uint8_t *leaf, long leaf_n, const uint8_t *identity, long identity_n) {
    X509 *end = waybill_certificate(leaf, leaf_n), *anchor = waybill_certificate(identity, identity_n);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    int ok = end && anchor && store && ctx && X509_STORE_add_cert(store, anchor) == 1
        && X509_STORE_CTX_init(ctx, store, end, NULL) == 1;
    if (ok) {
        X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_NO_CHECK_TIME | X509_V_FLAG_CHECK_SS_SIGNATURE);
        X509_VERIFY_PARAM_set_auth_level(param, 2);
        ok = X509_verify_cert(ctx) == 1;
    }
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
    X509_free(anchor);
    X509_free(end);
    return ok;
}

// The certificates in `n` bytes of PEM as anchors. How many there are goes into `count`, when the last of them ends
// (seconds since 1970) into `end`. NULL if there is none or one is damaged.
static inline X509_STORE *waybill_anchors(const void *pem, int n, int *count, int64_t *end) {
    struct tm tm;
    X509 *cert = NULL;
    BIO *bio = BIO_new_mem_buf(pem, n);
    X509_STORE *store = X509_STORE_new();
    int ok = bio && store;
    *count = 0;
    *end = 0;
    while (ok && (cert = PEM_read_bio_X509(bio, NULL, waybill_no_password, NULL)) != NULL) {
        ok = X509_STORE_add_cert(store, cert) == 1 && ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) == 1;
        if (ok && (int64_t)timegm(&tm) > *end) *end = (int64_t)timegm(&tm);
        if (ok) *count += 1;
        X509_free(cert);
    }
    // The end of the text is told as a missing first line; any other reason is a damaged block.
    ok = ok && *count > 0 && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    BIO_free(bio);
    if (ok) return store;
    X509_STORE_free(store);
    return NULL;
}

// Whether an RFC 3161 token holds over `data`: imprint, signature, ESSCertID, a critical extended key usage of
// timeStamping alone, and a chain to an anchor of `store` that was valid `at` (seconds since 1970), as
// `openssl ts -verify -token_in -partial_chain -attime AT` does. Returns 1, -1 if only the chain is missing, else 0.
// The token has passed Envelope/UncheckedTimestamp.swift before.
static inline int waybill_timestamp_holds(X509_STORE *store, const uint8_t *token, long token_n, const void *data,
                                          int data_n, int64_t at) {
    const unsigned char *p = token;
    int held = 0;
    PKCS7 *signed_data = d2i_PKCS7(NULL, &p, token_n);
    TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
    BIO *bio = BIO_new_mem_buf(data, data_n);
    if (signed_data && p == token + token_n && ctx && bio && X509_STORE_up_ref(store) == 1) {
        X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
        X509_VERIFY_PARAM_set_time(param, (time_t)at);
        X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE);
        X509_VERIFY_PARAM_set_auth_level(param, 2);
        // The context frees both with itself.
        TS_VERIFY_CTX_set_store(ctx, store);
        TS_VERIFY_CTX_set_data(ctx, bio);
        bio = NULL;
        TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_DATA | TS_VFY_SIGNATURE);
        held = TS_RESP_verify_token(ctx, signed_data) == 1;
        unsigned long why = ERR_peek_last_error();
        if (!held && ERR_GET_LIB(why) == ERR_LIB_TS && ERR_GET_REASON(why) == TS_R_CERTIFICATE_VERIFY_ERROR) held = -1;
    }
    BIO_free(bio);
    TS_VERIFY_CTX_free(ctx);
    PKCS7_free(signed_data);
    return held;
}
