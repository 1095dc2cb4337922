"""What this machine could do at best: its primitives, measured now, and limits derived from them.

Primitives (all on the disk and the cores that the daemons use):

* AES-256-GCM and SHA-256 bytes/s of one core; P-256 sign, verify and ECDH seconds: `openssl speed`.
* Mutual TLS 1.3 over loopback: Python's `ssl` (the same OpenSSL), two processes, 256 KiB writes; CPU of both ends is
  taken from getrusage, so that the figure does not depend on how the two shared the cores. Python's own part is small:
  one call a 256 KiB write, one a 16 KiB record read. `openssl s_time` was not used: it measures handshakes, not bytes.
* Disk: 1 GiB written and synced; create + fsync + rename of small files by 16 threads, the folder synced once at the
  end; one append + fsync; one rename + folder sync; one SQLite commit (WAL, synchronous=FULL).

Limits. A file is digested and sealed at the sender, opened and digested at the recipient, and goes through TLS at both:

    byte = 2 SHA + 2 AES + TLS of both ends                         core-seconds a byte
    file = 2 sign + 2 verify + 3 ECDH + 1 request and answer        core-seconds a file (waybill and receipt; the
                                                                    sealing key pair, its secret, the recipient's)

    W1    = SHA of the whole / one core  (the signed waybill names the digest, so this comes before the first part)
            + max((byte - SHA) / cores, disk)
    W2, W3: files/s = 1 / max((file + size * byte) / cores, 1 / synced files a second of that size)
            (group commit: the ledger's syncs are shared and cost nothing here)
    W4 delivered = claim rename+sync, signed commit, file+fsync, publishing commit, rename+sync, one sign, one verify,
            3 ECDH, the bytes one after another, one round trip;  receipt = that + received commit, sign, verify, commit

They are bounds for a perfect program, not targets: nothing is counted for HTTP, parsing, copies, scheduling or notes.
"""

import os
import resource
import socket
import sqlite3
import ssl
import subprocess
import threading
import time

GIB = 1 << 30
clock = time.perf_counter


def speed(*arguments):
    """Machine-readable lines of `openssl speed`, split at colons."""
    done = subprocess.run(["openssl", "speed", "-mr", *arguments], capture_output=True, text=True, check=True)
    return [line.split(":") for line in done.stdout.splitlines() if line.startswith("+F")]


def bytes_per_second(algorithm, seconds):
    return float(speed("-seconds", str(seconds), "-bytes", "16384", "-evp", algorithm)[0][-1])


def curve_seconds(seconds):
    """Seconds of one P-256 signature, verification and ECDH. openssl prints either seconds or operations a second."""
    signing, agreeing = speed("-seconds", str(seconds), "ecdsap256", "ecdhp256")
    invert = [1 / value if value > 1 else value for value in map(float, signing[-2:] + agreeing[-2:])]
    return {"sign": invert[0], "verify": invert[1], "ecdh": min(invert[2:])}


def median(values):
    return sorted(values)[len(values) // 2]


# Disk


def write_and_sync(folder, size):
    """Seconds to write and sync `size` bytes."""
    path, block = os.path.join(folder, "big"), os.urandom(1 << 20)
    begun = clock()
    with open(path, "wb", buffering=0) as file:
        for _ in range(size >> 20):
            file.write(block)
        os.fsync(file.fileno())
    taken = clock() - begun
    os.unlink(path)
    return taken


def synced_files_per_second(folder, size, count, threads=16):
    """create + fsync + rename, the folder synced once; in a folder of its own that is left for the end."""
    place = os.path.join(folder, f"files-{size}-{clock()}")
    os.mkdir(place)
    block = os.urandom(size)

    def work(worker):
        for number in range(count // threads):
            path = os.path.join(place, f"{worker}-{number}")
            with open(path + ".new", "wb", buffering=0) as file:
                file.write(block)
                os.fsync(file.fileno())
            os.rename(path + ".new", path)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    begun = clock()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sync_folder(place)
    return count // threads * threads / (clock() - begun)


def sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def append_and_sync(folder, rounds=200):
    path, block = os.path.join(folder, "append"), os.urandom(4096)
    taken = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(rounds):
            begun = clock()
            file.write(block)
            os.fsync(file.fileno())
            taken.append(clock() - begun)
    return median(taken)


def rename_and_sync(folder, rounds=200):
    one, two = os.path.join(folder, "name-1"), os.path.join(folder, "name-2")
    open(one, "wb").close()
    taken = []
    for _ in range(rounds):
        begun = clock()
        os.rename(one, two)
        sync_folder(folder)
        taken.append(clock() - begun)
        one, two = two, one
    return median(taken)


def commit_seconds(folder, rounds=300):
    """One row, one commit: SQLite in WAL mode with synchronous=FULL."""
    ledger = sqlite3.connect(os.path.join(folder, "commits.sqlite"), isolation_level=None)
    ledger.execute("PRAGMA journal_mode=WAL")
    ledger.execute("PRAGMA synchronous=FULL")
    ledger.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, body BLOB)")
    taken = []
    for _ in range(rounds):
        begun = clock()
        ledger.execute("INSERT INTO event (body) VALUES (?)", (os.urandom(300),))
        taken.append(clock() - begun)
    ledger.close()
    return median(taken)


# TLS


def certificate(folder):
    """A throw-away P-256 certificate that both ends present and trust."""
    key, cert = os.path.join(folder, "tls.key"), os.path.join(folder, "tls.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
         "-out", cert, "-subj", "/CN=localhost", "-days", "2"], capture_output=True, check=True)
    return key, cert


def context(purpose, key, cert):
    made = ssl.SSLContext(purpose)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_REQUIRED
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.load_cert_chain(cert, key)
    made.load_verify_locations(cert)
    return made


def tls(folder, size, rounds=500):
    """Core-seconds a byte of both ends together, bytes/s, and core-seconds and seconds of one small exchange."""
    key, cert = certificate(folder)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)
    child = os.fork()
    if child == 0:
        serve(listener, context(ssl.PROTOCOL_TLS_SERVER, key, cert), size, rounds)
    raw = socket.create_connection(listener.getsockname())
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection = context(ssl.PROTOCOL_TLS_CLIENT, key, cert).wrap_socket(raw)
    block = os.urandom(256 << 10)
    begun, used = clock(), cpu_seconds()
    for _ in range(size // len(block)):
        connection.sendall(block)
    theirs = float(connection.recv(64))
    bulk, bulk_cpu = clock() - begun, cpu_seconds() - used + theirs
    begun, used = clock(), cpu_seconds()
    for _ in range(rounds):
        connection.sendall(b"x" * 200)
        connection.recv(4096)
    trip, trip_cpu = (clock() - begun) / rounds, (cpu_seconds() - used) * 2 / rounds
    connection.close()
    os.waitpid(child, 0)
    return {"cpu_per_byte": bulk_cpu / size, "bytes_per_s": size / bulk, "request_cpu": trip_cpu, "round_trip": trip}


def serve(listener, server, size, rounds):
    """The other end, in a process of its own: never returns."""
    try:
        connection = server.wrap_socket(listener.accept()[0], server_side=True)
        buffer, got, used = bytearray(256 << 10), 0, cpu_seconds()
        while got < size:
            got += connection.recv_into(buffer)
        connection.sendall(f"{cpu_seconds() - used:.6f}".encode())
        for _ in range(rounds):
            connection.recv(4096)
            connection.sendall(b"y" * 200)
    finally:
        os._exit(0)


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


# Together


def primitives(folder, quick):
    """All primitives in SI units; about 15 s, 6 s when quick."""
    seconds, size, count = (1, GIB >> 2, 1600) if quick else (2, GIB, 4800)
    return {
        "cores": len(os.sched_getaffinity(0)),
        "aes_bytes_per_s": bytes_per_second("aes-256-gcm", seconds),
        "sha256_bytes_per_s": bytes_per_second("sha256", seconds),
        **curve_seconds(seconds),
        **{f"tls_{name}": value for name, value in tls(folder, size).items()},
        "disk_bytes_per_s": size / write_and_sync(folder, size),
        "files_4k_per_s": synced_files_per_second(folder, 4 << 10, count),
        "files_256k_per_s": synced_files_per_second(folder, 256 << 10, count // 4),
        "append_fsync_s": append_and_sync(folder),
        "rename_fsync_s": rename_and_sync(folder),
        "commit_s": commit_seconds(folder),
    }


def limits(p):
    """Best possible results of W1 to W4, by the formulas at the top."""
    sha, aes = 1 / p["sha256_bytes_per_s"], 1 / p["aes_bytes_per_s"]
    byte = 2 * sha + 2 * aes + p["tls_cpu_per_byte"]
    file = 2 * p["sign"] + 2 * p["verify"] + 3 * p["ecdh"] + p["tls_request_cpu"]

    def rate(size, synced):
        return 1 / max((file + size * byte) / p["cores"], 1 / synced)

    whole = sha + max((byte - sha) / p["cores"], 1 / p["disk_bytes_per_s"])
    serial = 2 * sha + 2 * aes + 1 / p["tls_bytes_per_s"]
    delivered = (
        2 * p["rename_fsync_s"] + 2 * p["commit_s"] + p["append_fsync_s"] + p["sign"] + p["verify"] + 3 * p["ecdh"]
        + 102_400 * serial + p["tls_round_trip"])
    return {
        "W1_MB_per_s": 1e-6 / whole,
        "W2_files_per_s": rate(256 << 10, p["files_256k_per_s"]),
        "W3_files_per_s": rate(4 << 10, p["files_4k_per_s"]),
        "W4_delivered_ms": delivered * 1e3,
        "W4_receipt_ms": (delivered + p["sign"] + p["verify"] + 2 * p["commit_s"]) * 1e3,
    }
