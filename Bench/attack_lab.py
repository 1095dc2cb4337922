"""A partner that has turned against us: valid keys, and a client that says whatever it likes.

Messages are made with stock openssl, because a stranger has nothing else: the waybill of a real delivery is the model, its
label among it. Every connection is a plain socket, with TLS by the standard library where the other end asks for it.
"""

import json
import os
import socket
import ssl
import subprocess
import time
import uuid

HOST = "127.0.0.1"
GREATEST_PART = 1 << 24


def openssl(*words, data=b""):
    done = subprocess.run(["openssl", *words], input=data, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {' '.join(words)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def new_id():
    """UUID version 7: milliseconds, then chance."""
    stamp = int(time.time() * 1000).to_bytes(6, "big")
    rest = bytearray(os.urandom(10))
    rest[0], rest[2] = rest[0] & 0x0F | 0x70, rest[2] & 0x3F | 0x80
    return str(uuid.UUID(bytes=stamp + bytes(rest)))


def sequence_of(length):
    """The front of a DER message of so many bytes in all: what a reader sees before anything else."""
    content = length - 6
    return b"\x30\x84" + content.to_bytes(4, "big")


class Forger:
    """Signs with the keys of one agency, seals to another."""

    def __init__(self, sender, recipient, model):
        self.sender, self.recipient = sender, recipient
        self.keys, self.certificate = (os.path.join(one.root, "keys") for one in (sender, recipient))
        self.model = model

    @staticmethod
    def learn(sender, recipient, scratch):
        """Takes the waybill of the newest delivery from its proof."""
        delivered = [row for row in sender.ledger() if row["state"] == "delivered"][0]["id"]
        folder = os.path.join(scratch, "model-" + sender.id)
        sender.command("prove", delivered, "--out", folder)
        words = ["cms", "-verify", "-noverify", "-inform", "DER", "-binary"]
        with open(os.path.join(folder, "waybill.p7s"), "rb") as file:
            return Forger(sender, recipient, json.loads(openssl(*words, data=file.read())))

    def waybill(self, size=0, part=1 << 16, route=None, texts=None):
        """Its id, and message 0: signed at this moment, sealed."""
        for _ in range(20):
            now = time.time()
            if now % 1 < 0.02:
                # The clock that openssl asks for the second may be some milliseconds behind.
                time.sleep(0.02)
                continue
            said = json.loads(json.dumps(self.model))
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + ".%03dZ" % (now % 1 * 1000)
            empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            said.update(id=new_id(), bind=os.urandom(32).hex(), signedAt=stamp)
            said["file"] = {"mediaType": "text/plain", "name": "x.txt", "sha256": empty if not size else "0" * 64, "size": size}
            said["parts"] = {"count": -(-size // part), "size": part}
            said["statement"] = "waybill/v1"
            said["label"].update(texts or {}, **({"route": route} if route else {}))
            signed = self.sign(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
            # The signature bears the second in which it was made.
            if int(time.time()) == int(now):
                return said["id"], self.seal(signed)
        raise RuntimeError("this machine needs a second for a signature")

    def sign(self, content):
        pair = ["-signer", os.path.join(self.keys, "signing.pem"), "-inkey", os.path.join(self.keys, "signing.key")]
        return openssl("cms", "-sign", "-cades", "-binary", "-nodetach", "-nosmimecap", "-md", "sha256", *pair,
                       "-outform", "DER", data=content)

    def seal(self, content):
        recipient = ["-recip", os.path.join(self.certificate, "sealing.pem"), "-keyopt", "ecdh_kdf_md:sha256"]
        return openssl("cms", "-encrypt", "-aes-256-gcm", "-binary", "-outform", "DER", *recipient, data=content)


class Line:
    """One connection, with the certificate of an agency or without any."""

    def __init__(self, port, agency=None, patience=20):
        self.socket = socket.create_connection((HOST, port), patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if agency:
            keys = os.path.join(agency.root, "keys")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            context.load_cert_chain(os.path.join(keys, "tls.pem"), os.path.join(keys, "tls.key"))
            self.socket = context.wrap_socket(self.socket)

    def send(self, data):
        self.socket.sendall(data)

    def put(self, consignment, data, announced=None):
        """The head of a request and the beginning of its body."""
        length = len(data) if announced is None else announced
        self.send(f"PUT /v1/consignments/{consignment} HTTP/1.1\r\nHost: x\r\nContent-Type: application/cms\r\n"
                  f"Content-Length: {length}\r\n\r\n".encode() + data)

    def status(self):
        """The status of the next answer, which is read whole; None if the line ended before."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(65536)
            if not more:
                return None
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        left = int(fields.get(b"content-length", b"0")) - len(body)
        while left > 0 and (more := self.socket.recv(65536)):
            left -= len(more)
        return int(head.split()[1])

    def is_open(self):
        """Whether the other end has not hung up."""
        self.socket.settimeout(0.001)
        try:
            while self.socket.recv(65536):
                pass
            return False
        except (TimeoutError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass
