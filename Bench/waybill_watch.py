"""Eyes on folders for the bench: inotify through the C library."""

import ctypes
import os
import select
import struct


class Watch:
    """inotify on some folders: tells of names renamed into them, with the time.

    Folders made inside a watched one are watched as well, so that `sent/PARTNER/ROUTE` covers the days below it.
    """

    MOVED_TO, CREATE, IS_FOLDER, OVERFLOW = 0x80, 0x100, 0x40000000, 0x4000
    libc = ctypes.CDLL(None, use_errno=True)

    def __init__(self, *folders):
        self.descriptor = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.descriptor < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self.folders = {}
        for folder in folders:
            os.makedirs(folder, exist_ok=True)
            self.add(folder)

    def add(self, folder):
        number = self.libc.inotify_add_watch(self.descriptor, os.fsencode(folder), self.MOVED_TO | self.CREATE)
        if number < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch", folder)
        self.folders[number] = folder
        names = []
        for entry in os.scandir(folder):
            names += self.add(entry.path) if entry.is_dir() else [(folder, entry.name)]
        return names

    def read(self, timeout=None):
        """(folder, name) of all that appeared, in order; waits up to `timeout` seconds for the first."""
        if timeout is not None:
            select.select([self.descriptor], [], [], timeout)
        try:
            data = os.read(self.descriptor, 1 << 20)
        except BlockingIOError:
            return []
        found, at = [], 0
        while at < len(data):
            number, mask, _, length = struct.unpack_from("iIII", data, at)
            name = os.fsdecode(data[at + 16:at + 16 + length].rstrip(b"\0"))
            at += 16 + length
            found += self.judge(number, mask, name)
        return found

    def judge(self, number, mask, name):
        if mask & self.OVERFLOW:
            raise RuntimeError("inotify's queue overflowed: read more often")
        folder = self.folders.get(number)
        if mask & self.IS_FOLDER:
            return self.add(os.path.join(folder, name))
        return [(folder, name)] if mask & self.MOVED_TO else []

    def close(self):
        os.close(self.descriptor)
