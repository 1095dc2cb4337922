"""Fifteen ways in which programs and people write files slowly into a folder that somebody watches.

None pauses with its file closed for as long as `settle` is as shipped; whoever keeps it open may pause for longer.
"""

import mmap
import os
import time

OPEN_PAUSE, CLOSED_PAUSE = 3.0, 0.8


def pieces(data, count=4):
    step = max(1, -(-len(data) // count))
    return [data[at:at + step] for at in range(0, len(data), step)]


def slowly_open(path, data, pause):
    with open(path, "wb", buffering=0) as file:
        for piece in pieces(data):
            file.write(piece)
            time.sleep(pause(OPEN_PAUSE / 3))


def one_long_pause(path, data, pause):
    with open(path, "wb", buffering=0) as file:
        file.write(data[:len(data) // 2])
        time.sleep(OPEN_PAUSE)
        file.write(data[len(data) // 2:])


def again_and_again(path, data, pause):
    """Opened, appended to and closed, as loggers and scanners do."""
    for piece in pieces(data):
        with open(path, "ab") as file:
            file.write(piece)
        time.sleep(pause(CLOSED_PAUSE))


def room_first(path, data, pause):
    """The whole length at once, then the bytes, as download programs do."""
    with open(path, "wb", buffering=0) as file:
        os.posix_fallocate(file.fileno(), 0, max(1, len(data)))
        for piece in pieces(data):
            file.write(piece)
            time.sleep(pause(OPEN_PAUSE / 3))
        file.truncate(len(data))


def end_first(path, data, pause):
    with open(path, "wb", buffering=0) as file:
        half = len(data) // 2
        file.seek(half)
        file.write(data[half:])
        time.sleep(pause(OPEN_PAUSE))
        file.seek(0)
        file.write(data[:half])


def by_memory(path, data, pause):
    """Through a mapping: neither size nor write calls tell of it."""
    with open(path, "w+b", buffering=0) as file:
        file.truncate(max(1, len(data)))
        with mmap.mmap(file.fileno(), max(1, len(data))) as memory:
            for index, piece in enumerate(pieces(data)):
                at = index * len(pieces(data)[0])
                memory[at:at + len(piece)] = piece
                time.sleep(pause(OPEN_PAUSE / 3))
        file.truncate(len(data))


def under(temporary):
    """Under another name in the folder itself, then renamed."""
    def write(path, data, pause):
        aside = os.path.join(os.path.dirname(path), temporary.format(os.path.basename(path)))
        slowly_open(aside, data, pause)
        time.sleep(pause(CLOSED_PAUSE))
        os.rename(aside, path)
    return write


def unnamed(path, data, pause):
    """O_TMPFILE, then a name by linkat."""
    descriptor = os.open(os.path.dirname(path), os.O_TMPFILE | os.O_WRONLY, 0o644)
    for piece in pieces(data):
        os.write(descriptor, piece)
        time.sleep(pause(OPEN_PAUSE / 3))
    # A folder given beside an absolute path makes Python follow the link, which linkat then needs.
    os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
    os.close(descriptor)


def stamped_later(path, data, pause):
    """cp -p: the bytes, a moment, then an old date."""
    slowly_open(path, data, pause)
    time.sleep(pause(CLOSED_PAUSE))
    os.utime(path, (1_600_000_000, 1_600_000_000))


def no_rights_first(path, data, pause):
    """Mode 0 until it is whole, as some servers do."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0)
    for piece in pieces(data):
        os.write(descriptor, piece)
        time.sleep(pause(OPEN_PAUSE / 3))
    os.fchmod(descriptor, 0o644)
    os.close(descriptor)


def written_over(path, data, pause):
    """A first go breaks off; the second begins again from the start."""
    with open(path, "wb") as file:
        file.write(bytes(len(data) // 3))
    time.sleep(pause(CLOSED_PAUSE))
    slowly_open(path, data, pause)


def empty_first(path, data, pause):
    """Made empty by one program, filled by another."""
    with open(path, "wb"):
        pass
    time.sleep(pause(CLOSED_PAUSE))
    slowly_open(path, data, pause)


def two_descriptors(path, data, pause):
    """A second writer goes on after the first has closed."""
    with open(path, "wb", buffering=0) as first, open(path, "r+b", buffering=0) as second:
        half = len(data) // 2
        first.write(data[:half])
        first.close()
        time.sleep(pause(OPEN_PAUSE))
        second.seek(half)
        second.write(data[half:])


WAYS = [slowly_open, one_long_pause, again_and_again, room_first, end_first, by_memory, under(".{}"), under("{}.part"),
        under("{}.filepart"), unnamed, stamped_later, no_rights_first, written_over, empty_first, two_descriptors]
