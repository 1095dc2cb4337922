"""What may stand in an urgent file's way, laid there on purpose; and how long the urgent file then takes.

Time runs from the rename into the outbox to the receipt beside the file in sent/: the daemon lays it there after the
receipt is in its ledger.
"""

import os
import shutil
import socket
import ssl
import time

from injury_verdict import names_of
from waybill_lab import Agency, write_random

NUMBER = "01642 000 999"
CONTACTS = "{ out-of-hours: { name: Control room, telephone: \"%s\" } }" % NUMBER


def settings(partner):
    return f"partners: {{ {partner}: {{ contacts: {CONTACTS} }} }}\n"


def slow_pdf(number, depth=9, fan=9):
    """A page that draws form 0, which draws form 1 nine times, and so on: 2 KB, and hours for whoever follows all."""
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
              b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
              stream(b"/F Do %% %d" % number)]
    for level in range(depth):
        last = level == depth - 1
        resources = b"" if last else b"/Resources<</XObject<</F %d 0 R>>>>" % (6 + level)
        text = b"BT (note) Tj ET" if last else b"/F Do " * fan
        bodies.append(stream(text, b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]" + resources))
    out, places = b"%PDF-1.7\n", []
    for index, body in enumerate(bodies):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index + 1, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places)
    return out + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(out))


def stream(content, words=b""):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (words, len(content), content)


class Load:
    """Files made aside and dropped in one go."""

    def __init__(self, pair, options):
        self.sender, self.recipient = pair
        self.options = options
        self.aside = os.path.join(os.path.dirname(self.sender.root), "aside")
        os.makedirs(self.aside, exist_ok=True)

    def write(self, name, data):
        with open(os.path.join(self.aside, name), "wb") as file:
            file.write(data)

    def prepare(self):
        """Before the daemons start."""

    def lay(self):
        for name in sorted(os.listdir(self.aside)):
            os.rename(os.path.join(self.aside, name), os.path.join(self.sender.outbox(self.recipient), name))

    def clear(self):
        pass


class Nothing(Load):
    words = "nothing"


class SlowPDFs(Load):
    words = "40 slow PDFs"

    def prepare(self):
        for number in range(40):
            self.write(f"slow-{number:02}.pdf", slow_pdf(number))


class Written(Load):
    words = "12 large written files"

    def prepare(self):
        size = min(self.options.mebibytes << 20, shutil.disk_usage(self.aside).free // 40)
        for number in range(12):
            write_random(os.path.join(self.aside, f"large-{number:02}.bin"), size)
        os.sync()


class Sparse(Load):
    words = "12 sparse files of 2 TiB"

    def prepare(self):
        for number in range(12):
            with open(os.path.join(self.aside, f"sparse-{number:02}.bin"), "wb") as file:
                file.truncate(2 << 40)


class Small(Load):
    words = "many small files"

    def prepare(self):
        for number in range(self.options.small):
            self.write(f"small-{number:05}.txt", b"%d" % number)


class Stuck(Load):
    """The recipient's places for arrivals are taken by our own certificate: waybills are whole, parts stop half way."""

    words = "64 stuck arrivals at the recipient"

    def prepare(self):
        """A twin of the sender signs and seals what the true one will never know of."""
        self.sockets, self.sealed = [], []
        twin = os.path.join(os.path.dirname(self.sender.root), "twin")
        shutil.copytree(self.sender.root, twin, symlinks=True)
        os.rename(self.sender.root, self.sender.root + ".true")
        os.rename(twin, self.sender.root)
        try:
            self.seal(64)
        finally:
            self.sender.stop()
            shutil.rmtree(self.sender.root)
            os.rename(self.sender.root + ".true", self.sender.root)

    def seal(self, count):
        self.sender.start()
        self.sender.wait_ready()
        for number in range(count):
            write_random(os.path.join(self.aside, f"stuck-{number:02}.bin"), 1 << 20)
        super().lay()
        rows, deadline = [], time.monotonic() + 60
        while len(rows) < count and time.monotonic() < deadline:
            rows = [row for row in self.sender.ledger() if row["state"] == "dispatching"]
            time.sleep(0.3)
        for row in rows:
            path = os.path.join(self.aside, row["id"])
            self.sender.command("seal", row["id"], "--out", path)
            with open(path, "rb") as file:
                self.sealed.append((row["id"], file.read()))
            os.unlink(path)

    def lay(self):
        keys = os.path.join(self.sender.root, "keys")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(os.path.join(keys, "tls.pem"), os.path.join(keys, "tls.key"))
        for consignment, data in self.sealed:
            line = context.wrap_socket(socket.create_connection(("127.0.0.1", self.recipient.port), 10))
            self.sockets.append(line)
            head = [f"PUT /v1/consignments/{consignment} HTTP/1.1", "Host: x", "Content-Type: application/cms",
                    f"Content-Length: {len(data)}", "", ""]
            line.sendall("\r\n".join(head).encode() + data[:len(data) // 2])
        time.sleep(1)

    def clear(self):
        for line in self.sockets:
            line.close()


LOADS = [Nothing, SlowPDFs, Written, Sparse, Small, Stuck]


def urgent(sender, recipient, name="urgent.txt"):
    """Drops one urgent file; returns its name and the time."""
    aside = os.path.join(os.path.dirname(sender.root), name)
    with open(aside, "w", encoding="ascii") as file:
        file.write("The father is on his way to the school.")
    folder = os.path.join(sender.root, "outbox", recipient.id, "urgent")
    os.makedirs(folder, exist_ok=True)
    begun = time.monotonic()
    os.rename(aside, os.path.join(folder, name))
    return name, begun


def seconds_to_receipt(sender, recipient, patience):
    """Seconds until the receipt of a new urgent file lies in sent/; None if none came in time."""
    name, begun = urgent(sender, recipient)
    folder = os.path.join(sender.root, "sent", recipient.id, "urgent")
    while time.monotonic() - begun < patience:
        if name + ".receipt.txt" in names_of(folder):
            return time.monotonic() - begun
        time.sleep(0.01)
    return None


def with_contacts(agency: Agency, partner_id):
    """Adds whom to telephone to the settings; False if this program does not know such a thing."""
    with open(agency.config, encoding="utf-8") as file:
        before = file.read()
    with open(agency.config, "a", encoding="utf-8") as file:
        file.write(settings(partner_id))
    if "contacts" not in agency.command("status", check=False).stderr:
        return True
    with open(agency.config, "w", encoding="utf-8") as file:
        file.write(before)
    return False


def row(lab, options, load_kind):
    """For the bench: seconds to the receipt behind one load; None if there was none within a minute."""
    pair = lab.pair("")
    load = load_kind(pair, options)
    load.prepare()
    for agency in pair:
        agency.start()
    for agency in pair:
        agency.wait_ready()
    time.sleep(1)
    load.lay()
    time.sleep(0.5)
    took = seconds_to_receipt(*pair, patience=60)
    load.clear()
    return took
