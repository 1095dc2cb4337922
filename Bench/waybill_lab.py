"""A laboratory for Waybill: agencies in a temporary folder and their daemons.

Shared by soak.py, bench.py and, through injury_lab.py, the campaigns. Python standard library only, Linux only, network on 127.0.0.1 only.
Every daemon is a child process of ours and is stopped by its process id, also after Ctrl-C.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROUTE = "strategy-meeting"
NAMES = {"hartlepool": "Hartlepool", "cleveland-police": "Cleveland Police"}
HERE = os.path.dirname(os.path.abspath(__file__))


def default_binary(configuration="release"):
    """The program as `swift build -c CONFIGURATION` leaves it."""
    return os.path.join(HERE, "..", ".build", configuration, "waybill")


def free_port():
    """A TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_random(path, size):
    """Writes `size` random bytes and returns their SHA-256 as hex."""
    digest = hashlib.sha256()
    with open(path, "wb") as file:
        while size > 0:
            block = os.urandom(min(size, 1 << 20))
            file.write(block)
            digest.update(block)
            size -= len(block)
    return digest.hexdigest()


def write_text(path, size):
    """Writes `size` bytes of case notes, made from the invented corpus beside this file, and returns their SHA-256."""
    corpus = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
    notes = [open(os.path.join(corpus, name), "rb").read() for name in sorted(os.listdir(corpus)) if name.endswith(".txt")]
    dice, digest = random.Random(7), hashlib.sha256()
    block = b"\n".join(dice.choice(notes) for _ in range(20_000))[:4 << 20]
    with open(path, "wb") as file:
        while size > 0:
            # Begun elsewhere each time, so that no two stretches are alike.
            start = dice.randrange(len(block))
            piece = (block[start:] + block[:start])[:size]
            file.write(piece)
            digest.update(piece)
            size -= len(piece)
    return digest.hexdigest()


def sha256_of(path):
    """SHA-256 of a file as hex."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def files_below(folder):
    """Paths of all files below a folder; none if it is missing."""
    return [os.path.join(place, name) for place, _, names in os.walk(folder) for name in names]


class Agency:
    """One installation and, while it runs, its daemon."""

    def __init__(self, lab, agency_id, settings, root=None):
        self.lab = lab
        # May be set to another release before it is started.
        self.binary = lab.binary
        self.id = agency_id
        self.root = root or os.path.join(lab.root, agency_id)
        self.config = os.path.join(self.root, "waybill.yaml")
        self.port = free_port()
        self.process = None
        self.log = os.path.join(lab.root, agency_id + ".log")
        where = f"127.0.0.1:{self.port}"
        self.command("init", self.root, "--agency", agency_id, "--name", NAMES.get(agency_id, agency_id),
                     "--listen", where, "--address", where)
        with open(self.config, "a", encoding="utf-8") as file:
            file.write(settings)

    def command(self, *arguments, check=True):
        """Runs `waybill ARGUMENTS` on this installation."""
        environment = dict(os.environ, WAYBILL_CONFIG=self.config)
        done = subprocess.run([self.binary, *arguments], env=environment, capture_output=True, text=True)
        if check and done.returncode != 0:
            said = done.stderr + done.stdout
            raise RuntimeError(f"{self.id}: waybill {' '.join(arguments)}: exit {done.returncode}\n{said}")
        return done

    def introduce(self, other):
        """Makes `other` a partner of ours, by its card and fingerprint."""
        card = os.path.join(self.lab.root, other.id + ".card")
        other.command("card", "--out", card)
        fingerprint = other.command("card", "--fingerprint").stdout.split()[-1]
        self.command("partner", "add", card, "--fingerprint", fingerprint)

    def content_check(self, word):
        """Writes how closely files of the usual route are looked into; a restart reads it."""
        path = os.path.join(self.root, "agreements", "tees-tier-2.yaml")
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith("    content-check: ")]
        at = next(i for i, line in enumerate(lines) if line.startswith("  strategy-meeting:"))
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines[:at + 1] + [f"    content-check: {word}\n"] + lines[at + 1:])

    def start(self, environment=None):
        """Starts the daemon, with words added to its environment; returns at once."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "daemon", "--config", self.config], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, env={**os.environ, **(environment or {})})

    def wait_ready(self, seconds=60):
        """Waits for the daemon's port."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.id}: the daemon ended with {self.process.returncode}\n{self.log_tail()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"{self.id}: no port after {seconds} s\n{self.log_tail()}")

    def kill(self):
        """SIGKILL, as a power cut would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    def stop(self, patience=20):
        """SIGTERM, as systemd does. Returns the exit code; None if it had to be killed."""
        if not self.process:
            return 0
        self.process.terminate()
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def peak_mib(self):
        """Peak resident memory of the daemon so far (VmHWM), in MiB."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024

    def cpu_seconds(self):
        """User and system time of the daemon so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def ledger(self):
        """`ledger list --json`: one row each consignment."""
        text = self.command("ledger", "list", "--json", check=False).stdout
        return [json.loads(line) for line in text.splitlines() if line.strip()]

    def log_tail(self, lines=15):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-lines:])

    def outbox(self, partner):
        return os.path.join(self.root, "outbox", partner.id, ROUTE)

    def inbox(self, partner):
        return os.path.join(self.root, "inbox", partner.id, ROUTE)

    def sent(self, partner):
        return os.path.join(self.root, "sent", partner.id, ROUTE)

    def leftovers(self):
        """Files in work/ and in the staging folders, and promises in sent/ to try again: none once all is settled."""
        inbox = os.path.join(self.root, "inbox")
        partners = os.listdir(inbox) if os.path.isdir(inbox) else []
        staging = [path for one in partners for path in files_below(os.path.join(inbox, one, ".staging"))]
        return self.files("work") + staging + [path for path in self.files("sent") if path.endswith(".waiting.txt")]

    def temporary_files(self):
        """What a kill in the middle of writing a note leaves beside the notes."""
        shown = self.files("sent") + self.files("held") + self.files("inbox")
        return [path for path in shown if os.path.basename(path).startswith(".") and "/.staging/" not in path]

    def files(self, folder):
        return files_below(os.path.join(self.root, folder))


class Lab:
    """A temporary folder with agencies. Use it in a `with` statement: daemons are stopped whatever happens."""

    def __init__(self, binary, parent=None):
        self.binary = os.path.abspath(binary)
        if not os.access(self.binary, os.X_OK):
            raise SystemExit(f"There is no program at {self.binary}. Build it, or name it with --binary.")
        self.root = tempfile.mkdtemp(prefix="waybill-lab-", dir=parent)
        self.keep = False
        self.agencies = []

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(SystemExit(143)))
        return self

    def __exit__(self, *_):
        for agency in self.agencies:
            agency.kill()
        if self.keep:
            print(f"The folders are kept for inspection: {self.root}")
        else:
            shutil.rmtree(self.root, ignore_errors=True)

    def found(self, agency_id, settings, root=None):
        """Makes an installation with lines added to its settings."""
        agency = Agency(self, agency_id, settings, root)
        self.agencies.append(agency)
        return agency

    def pair(self, settings, folder_transport=False):
        """Two agencies that are partners of each other. Folder transport: over a folder `share` of the laboratory."""
        ids = list(NAMES)
        pair = [self.found(one, settings + self.road(other, folder_transport)) for one, other in (ids, ids[::-1])]
        pair[0].introduce(pair[1])
        pair[1].introduce(pair[0])
        for one, other in (pair, pair[::-1]):
            os.makedirs(one.outbox(other), exist_ok=True)
            os.chmod(one.outbox(other), 0o1770)
        return pair

    def road(self, partner, folder_transport):
        if not folder_transport:
            return ""
        share = self.share()
        return f"partners: {{ {partner}: {{ transport: folder, path: {share} }} }}\n"

    def share(self):
        """A shared folder, prepared for both directions as TransportFolder/FolderRoad.swift describes."""
        share = os.path.join(self.root, "share")
        one, other = NAMES
        for name in ("cards", f"{one}-to-{other}/statements", f"{other}-to-{one}/statements"):
            os.makedirs(os.path.join(share, name), exist_ok=True)
        return share
