"""The judgement at the end of a soak: folders and both ledgers must tell one story."""

import os
from collections import Counter

from waybill_lab import files_below


def judge(soak):
    """Compares what was dropped with what is in folders and ledgers; each difference becomes a violation."""
    for parcel in soak.parcels.values():
        if parcel.arrivals == 0:
            soak.violation(f"lost: {parcel.name} ({parcel.size} bytes) never arrived at {parcel.recipient.id}")
        if not parcel.receipted:
            soak.violation(f"no receipt beside {parcel.name} in sent/ of {parcel.sender.id}")
    for agency in soak.pair:
        for path in agency.leftovers():
            soak.violation(f"left over: {path}")
    for path in files_below(os.path.join(soak.lab.root, "share")):
        if os.path.basename(path).endswith((".consignment", ".tmp")):
            soak.violation(f"left on the road: {path}")
    for agency in soak.pair:
        code = agency.stop()
        if code != 0:
            soak.violation(f"the daemon of {agency.id} did not stop cleanly on SIGTERM: exit {code}")
    judge_ledgers(soak)


def judge_ledgers(soak):
    rows = {(agency.id, direction): {} for agency in soak.pair for direction in ("sent", "received")}
    for agency in soak.pair:
        check = agency.command("ledger", "check", check=False)
        if check.returncode != 0:
            said = (check.stdout + check.stderr).strip()
            soak.violation(f"ledger check of {agency.id}: exit {check.returncode}: {said}")
        for row in agency.ledger():
            rows[agency.id, row["direction"]].setdefault(row["name"], []).append(row)
    for parcel in soak.parcels.values():
        judge_rows(soak, parcel, rows)
    strange = {name for table in rows.values() for name in table} - set(soak.parcels)
    for name in strange:
        soak.violation(f"a ledger row for a file that was never dropped: {name}")


def judge_rows(soak, parcel, rows):
    """One row on each side, both delivered, both with the same receipt and the digest of what was dropped."""
    sent = rows[parcel.sender.id, "sent"].get(parcel.name, [])
    received = rows[parcel.recipient.id, "received"].get(parcel.name, [])
    if (len(sent), len(received)) != (1, 1):
        states = [row["state"] for row in sent], [row["state"] for row in received]
        soak.violation(f"{parcel.name}: {len(sent)} rows sent, {len(received)} received, wanted one each: {states}")
        return
    for row in (sent[0], received[0]):
        found = row["state"], row["sha256"], row["size"]
        if found != ("delivered", parcel.sha256, parcel.size):
            soak.violation(f"{parcel.name}: the {row['direction']} row says {found}")
    if not sent[0].get("receiptSHA256") or sent[0]["receiptSHA256"] != received[0].get("receiptSHA256"):
        soak.violation(f"{parcel.name}: the two ledgers hold different receipts")


def tell(soak, seed, seconds):
    """The summary line."""
    parcels = list(soak.parcels.values())
    kinds = Counter(text.split(":")[0].split(" ")[0] for text in soak.violations)
    volume = sum(parcel.size for parcel in parcels) / (1 << 20)
    receipts = sum(parcel.receipted for parcel in parcels)
    temporary = sum(len(agency.temporary_files()) for agency in soak.pair)
    print(
        f"soak: {sum(soak.kills.values())} kills ({soak.kills['both']} of both), {len(parcels)} files, "
        f"{volume:.0f} MiB, {seconds:.0f} s, seed {seed}: {kinds['lost']} lost, {kinds['doubled']} doubled, "
        f"{kinds['half-visible']} half-visible, {receipts} receipts, {len(soak.violations)} violations in all "
        f"(temporary files of notes left by kills: {temporary})")
