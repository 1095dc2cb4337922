/* Preloaded into a daemon by the campaigns: chosen file calls fail, and a sync that fails loses what it should have kept.
 *
 * The orders come through a file that both sides map ($SHIM_ORDERS, laid out in injury_shim.py). Only paths below
 * $SHIM_ROOT count. $SHIM_BOOT stands in for the kernel's boot id, which a cut of a loop device does not change.
 *
 * What a failed sync loses, as Linux does it: the pages are clean afterwards, so that a second sync succeeds and writes
 * nothing, until somebody writes to them again; the old bytes are on the disk. Ledger files are followed page by page
 * (their old bytes are kept in `lost`, and come back when the cache is dropped, when somebody reads past the cache, or
 * at the cut); of all others only the sync that is tried again without a write between is swallowed. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, SYNC, RENAME, UNLINK, MKDIR, STAT, ALLOCATE, TRUNCATE, MODE, LIST, LINK, SPACE, NOTIFY, TIMES };
enum { PAGE = 4096, LOST = 4096, MARKS = 64 };
struct lost { uint64_t used, page; char path[240]; char bytes[PAGE]; };
struct mark { uint64_t used, device, inode, written; };
struct orders {
    uint64_t armed, calls, error, times, loses, fired;
    int64_t skip;
    uint64_t seen[16];
    char place[128], at[256];
    struct mark marks[MARKS];
    struct lost lost[LOST];
    /* Syncs that were tried again after a failure, with nothing written between. */
    uint64_t believed;
};

static struct orders *orders;
static char root[256];
static const char *boot;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("SHIM_ORDERS"), *below = getenv("SHIM_ROOT");
    boot = getenv("SHIM_BOOT");
    if (!file || !below) return;
    snprintf(root, sizeof root, "%s", below);
    int descriptor = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) abort();
    void *mapped = mmap(0, sizeof *orders, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) abort();
    orders = mapped;
    syscall(SYS_close, descriptor);
}

static void path_of(int descriptor, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    long length = syscall(SYS_readlink, link, path, 511);
    path[length > 0 ? length : 0] = 0;
}

static void path_at(int folder, const char *name, char *path) {
    if (name && name[0] == '/') { snprintf(path, 512, "%s", name); return; }
    if (folder == AT_FDCWD) { path[0] = 0; return; }
    path_of(folder, path);
    size_t length = strlen(path);
    if (name && name[0]) snprintf(path + length, 512 - length, "/%s", name);
}

/* A place is a part of the path; with a dollar at its end, the end of the path. */
static int in_place(const char *path) {
    const char *place = orders->place;
    size_t length = strlen(place), whole = strlen(path);
    if (!length) return 1;
    if (place[length - 1] != '$') return strstr(path, place) != 0;
    return whole >= length - 1 && !strncmp(path + whole - (length - 1), place, length - 1);
}

/* Whether this call is the one that is to fail; errno is set then, or left at 0 for a short read or write. */
static int fails(int kind, const char *path) {
    if (!orders || strncmp(path, root, strlen(root))) return 0;
    int hit = 0;
    pthread_mutex_lock(&one);
    int wanted = (orders->calls >> kind & 1) && in_place(path);
    if (wanted) orders->seen[kind]++;
    if (orders->armed && wanted && orders->skip-- <= 0 && orders->fired < orders->times) {
        orders->fired++;
        snprintf(orders->at, sizeof orders->at, "%d %s", kind, path + strlen(root));
        hit = 1;
    }
    pthread_mutex_unlock(&one);
    if (hit) errno = (int)orders->error;
    return hit;
}

static int fails_fd(int kind, int descriptor) {
    char path[512];
    if (!orders) return 0;
    path_of(descriptor, path);
    return fails(kind, path);
}

static int fails_at(int kind, int folder, const char *name) {
    char path[512];
    if (!orders) return 0;
    path_at(folder, name, path);
    return fails(kind, path);
}

/* Lost syncs */

struct undo { struct undo *next; uint64_t page; char path[240]; char bytes[PAGE]; };
static struct undo *undo;

static int followed(const char *path) {
    const char *name = strrchr(path, '/');
    if (!orders || !orders->loses || strncmp(path, root, strlen(root)) || !name || strncmp(name + 1, "ledger.sqlite", 13)) return 0;
    return !name[14] || !strcmp(name + 14, "-wal");
}

static void written(int descriptor) {
    struct stat facts;
    if (!orders || !orders->loses || syscall(SYS_fstat, descriptor, &facts)) return;
    for (int i = 0; i < MARKS; i++)
        if (orders->marks[i].used && orders->marks[i].inode == facts.st_ino && orders->marks[i].device == facts.st_dev) orders->marks[i].written = 1;
}

static void before_write(int descriptor, off_t at, size_t count) {
    char path[512];
    written(descriptor);
    path_of(descriptor, path);
    if (!followed(path) || !count) return;
    pthread_mutex_lock(&one);
    for (uint64_t page = at / PAGE; page <= (at + count - 1) / PAGE; page++) {
        struct undo *known = undo;
        while (known && (known->page != page || strcmp(known->path, path))) known = known->next;
        for (int i = 0; i < LOST; i++) {
            struct lost *slot = &orders->lost[i];
            if (!slot->used || slot->page != page || strcmp(slot->path, path)) continue;
            /* Dirty again: it will be written whole. Until then the disk has the old bytes. */
            if (!known && (known = calloc(1, sizeof *known))) {
                known->page = page; strcpy(known->path, slot->path); memcpy(known->bytes, slot->bytes, PAGE);
                known->next = undo; undo = known;
            }
            slot->used = 0;
        }
        if (known || strlen(path) >= 240 || !(known = calloc(1, sizeof *known))) continue;
        known->page = page; strcpy(known->path, path);
        int reader = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
        if (reader >= 0) { (void)!syscall(SYS_pread64, reader, known->bytes, PAGE, page * PAGE); syscall(SYS_close, reader); }
        known->next = undo; undo = known;
    }
    pthread_mutex_unlock(&one);
}

/* The pages written since the last sync are safe, or lost. */
static void after_sync(const char *path, int failed) {
    if (!followed(path)) return;
    pthread_mutex_lock(&one);
    for (struct undo **at = &undo; *at;) {
        struct undo *entry = *at;
        if (strcmp(entry->path, path)) { at = &entry->next; continue; }
        for (int i = 0; failed && i < LOST; i++) {
            struct lost *slot = &orders->lost[i];
            if (slot->used) continue;
            strcpy(slot->path, path); memcpy(slot->bytes, entry->bytes, PAGE);
            slot->page = entry->page; slot->used = 1;
            break;
        }
        *at = entry->next;
        free(entry);
    }
    pthread_mutex_unlock(&one);
}

/* Somebody asks the disk and not the cache: there the old bytes are. */
static void past_cache(const char *path) {
    if (!followed(path)) return;
    int file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
    for (int i = 0; file >= 0 && i < LOST; i++) {
        struct lost *slot = &orders->lost[i];
        if (!slot->used || strcmp(slot->path, path)) continue;
        (void)!syscall(SYS_pwrite64, file, slot->bytes, PAGE, slot->page * PAGE);
        slot->used = 0;
    }
    if (file >= 0) syscall(SYS_close, file);
}

static int sync_with(int descriptor, int (*call)(int)) {
    char path[512];
    struct stat facts;
    if (!orders) return call(descriptor);
    path_of(descriptor, path);
    int failed = fails(SYNC, path), known = 0;
    if (orders->loses && !syscall(SYS_fstat, descriptor, &facts)) {
        for (int i = 0; i < MARKS; i++) {
            struct mark *mark = &orders->marks[i];
            int same = mark->used && mark->inode == facts.st_ino && mark->device == facts.st_dev;
            if (same && !failed && !mark->written && !followed(path)) { orders->believed++; return 0; }
            if (same && mark->written) mark->used = 0;
            if (failed && !mark->used && !known) {
                mark->device = facts.st_dev; mark->inode = facts.st_ino; mark->written = 0; mark->used = known = 1;
            }
        }
    }
    if (failed) { int error = errno; after_sync(path, 1); errno = error ? error : EIO; return -1; }
    int result = call(descriptor);
    if (!result) after_sync(path, 0);
    return result;
}
int fsync(int fd) { return sync_with(fd, REAL(fsync)); }
int fdatasync(int fd) { return sync_with(fd, REAL(fdatasync)); }
int sync_file_range(int fd, off64_t at, off64_t count, unsigned flags) { return fails_fd(SYNC, fd) ? -1 : REAL(sync_file_range)(fd, at, count, flags); }
static void drop_cache(int fd, int advice) { char path[512]; if (orders && advice == POSIX_FADV_DONTNEED) { path_of(fd, path); past_cache(path); } }
int posix_fadvise(int fd, off_t at, off_t count, int advice) { drop_cache(fd, advice); return REAL(posix_fadvise)(fd, at, count, advice); }
int posix_fadvise64(int fd, off64_t at, off64_t count, int advice) { drop_cache(fd, advice); return REAL(posix_fadvise64)(fd, at, count, advice); }

#include "shim_calls.h"
