/* The file calls that can be made to fail, each under its names with and without 64. Part of shim.c. */

static int is_boot(const char *path) { return boot && !strcmp(path, "/proc/sys/kernel/random/boot_id"); }
static int open_with(int folder, const char *name, int flags, mode_t mode) {
    char path[512];
    path_at(folder, name, path);
    if (is_boot(path)) return syscall(SYS_openat, AT_FDCWD, boot, O_RDONLY | O_CLOEXEC);
    if (fails(OPEN, path)) return -1;
    if (flags & O_DIRECT) past_cache(path);
    int result = syscall(SYS_openat, folder, name, flags, mode);
    if (result >= 0 && flags & O_CREAT && folder != AT_FDCWD) written(folder);
    return result;
}
static int needs_mode(int flags) { return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE; }
#define MODE_OF(flags) mode_t mode = 0; if (needs_mode(flags)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, int); va_end(rest); }
int open(const char *path, int flags, ...) { MODE_OF(flags) return open_with(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return open_with(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int fd, const char *path, int flags, ...) { MODE_OF(flags) return open_with(fd, path, flags, mode); }
int openat64(int fd, const char *path, int flags, ...) { MODE_OF(flags) return open_with(fd, path, flags | O_LARGEFILE, mode); }
int creat(const char *path, mode_t mode) { return open_with(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

FILE *fopen(const char *path, const char *how) { return REAL(fopen)(is_boot(path) ? boot : path, how); }
FILE *fopen64(const char *path, const char *how) { return REAL(fopen64)(is_boot(path) ? boot : path, how); }

/* A failing read or write with error 0 is a short one. */
#define HALF(kind, fd, count) if (fails_fd(kind, fd)) { if (errno) return -1; if (count > 1) count /= 2; }
ssize_t read(int fd, void *to, size_t count) { HALF(READ, fd, count) return REAL(read)(fd, to, count); }
ssize_t pread(int fd, void *to, size_t count, off_t at) { HALF(READ, fd, count) return REAL(pread)(fd, to, count, at); }
ssize_t pread64(int fd, void *to, size_t count, off64_t at) { HALF(READ, fd, count) return REAL(pread64)(fd, to, count, at); }
ssize_t write(int fd, const void *from, size_t count) {
    HALF(WRITE, fd, count)
    if (orders && orders->loses) before_write(fd, lseek(fd, 0, SEEK_CUR), count);
    return REAL(write)(fd, from, count);
}
ssize_t pwrite(int fd, const void *from, size_t count, off_t at) {
    HALF(WRITE, fd, count)
    if (orders && orders->loses) before_write(fd, at, count);
    return REAL(pwrite)(fd, from, count, at);
}
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) {
    HALF(WRITE, fd, count)
    if (orders && orders->loses) before_write(fd, at, count);
    return REAL(pwrite64)(fd, from, count, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (fails_fd(WRITE, fd)) { if (errno) return -1; return REAL(write)(fd, parts[0].iov_base, parts[0].iov_len > 1 ? parts[0].iov_len / 2 : parts[0].iov_len); }
    return REAL(writev)(fd, parts, count);
}

/* After a change in a folder its next sync means something again. */
static void changed(int folder, const char *name) {
    char path[512];
    if (!orders || !orders->loses) return;
    path_at(folder, name, path);
    char *slash = strrchr(path, '/');
    if (!slash) return;
    *slash = 0;
    int parent = syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC);
    if (parent >= 0) { written(parent); syscall(SYS_close, parent); }
}
int renameat2(int from, const char *a, int to, const char *b, unsigned flags) {
    if (fails_at(RENAME, to, b)) return -1;
    int result = syscall(SYS_renameat2, from, a, to, b, flags);
    if (!result) { changed(from, a); changed(to, b); }
    return result;
}
int renameat(int from, const char *a, int to, const char *b) { return renameat2(from, a, to, b, 0); }
int rename(const char *a, const char *b) { return renameat2(AT_FDCWD, a, AT_FDCWD, b, 0); }
int unlinkat(int folder, const char *name, int flags) {
    if (fails_at(UNLINK, folder, name)) return -1;
    int result = syscall(SYS_unlinkat, folder, name, flags);
    if (!result) changed(folder, name);
    return result;
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }
int linkat(int from, const char *a, int to, const char *b, int flags) {
    if (fails_at(LINK, to, b)) return -1;
    int result = syscall(SYS_linkat, from, a, to, b, flags);
    if (!result) changed(to, b);
    return result;
}
int link(const char *a, const char *b) { return linkat(AT_FDCWD, a, AT_FDCWD, b, 0); }
int symlink(const char *a, const char *b) { return fails_at(LINK, AT_FDCWD, b) ? -1 : REAL(symlink)(a, b); }
int mkdirat(int folder, const char *name, mode_t mode) { return fails_at(MKDIR, folder, name) ? -1 : syscall(SYS_mkdirat, folder, name, mode); }
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

#define FD(kind, name, parameters, arguments) int name parameters { return fails_fd(kind, fd) ? -1 : REAL(name) arguments; }
#define PATH(kind, name, parameters, arguments) int name parameters { return fails_at(kind, AT_FDCWD, path) ? -1 : REAL(name) arguments; }
#define AT(kind, name, parameters, arguments) int name parameters { return fails_at(kind, fd, path) ? -1 : REAL(name) arguments; }
PATH(STAT, stat, (const char *path, struct stat *to), (path, to))
PATH(STAT, lstat, (const char *path, struct stat *to), (path, to))
FD(STAT, fstat, (int fd, struct stat *to), (fd, to))
AT(STAT, fstatat, (int fd, const char *path, struct stat *to, int flags), (fd, path, to, flags))
PATH(STAT, stat64, (const char *path, struct stat64 *to), (path, to))
PATH(STAT, lstat64, (const char *path, struct stat64 *to), (path, to))
FD(STAT, fstat64, (int fd, struct stat64 *to), (fd, to))
AT(STAT, fstatat64, (int fd, const char *path, struct stat64 *to, int flags), (fd, path, to, flags))
AT(STAT, statx, (int fd, const char *path, int flags, unsigned mask, struct statx *to), (fd, path, flags, mask, to))
FD(ALLOCATE, fallocate, (int fd, int mode, off_t at, off_t count), (fd, mode, at, count))
FD(ALLOCATE, fallocate64, (int fd, int mode, off64_t at, off64_t count), (fd, mode, at, count))
FD(MODE, fchmod, (int fd, mode_t mode), (fd, mode))
FD(MODE, fchown, (int fd, uid_t user, gid_t group), (fd, user, group))
AT(MODE, fchmodat, (int fd, const char *path, mode_t mode, int flags), (fd, path, mode, flags))
AT(MODE, fchownat, (int fd, const char *path, uid_t user, gid_t group, int flags), (fd, path, user, group, flags))
FD(SPACE, fstatvfs, (int fd, struct statvfs *to), (fd, to))
FD(SPACE, fstatfs, (int fd, struct statfs *to), (fd, to))
PATH(SPACE, statvfs, (const char *path, struct statvfs *to), (path, to))
PATH(SPACE, statfs, (const char *path, struct statfs *to), (path, to))
FD(TIMES, futimens, (int fd, const struct timespec times[2]), (fd, times))
AT(TIMES, utimensat, (int fd, const char *path, const struct timespec times[2], int flags), (fd, path, times, flags))
static int truncate_with(int fd, off64_t length) {
    if (fails_fd(TRUNCATE, fd)) return -1;
    written(fd);
    return syscall(SYS_ftruncate, fd, length);
}
int ftruncate(int fd, off_t length) { return truncate_with(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncate_with(fd, length); }
int posix_fallocate(int fd, off_t at, off_t count) { return fails_fd(ALLOCATE, fd) ? errno : REAL(posix_fallocate)(fd, at, count); }
int inotify_add_watch(int fd, const char *path, uint32_t mask) { return fails_at(NOTIFY, AT_FDCWD, path) ? -1 : REAL(inotify_add_watch)(fd, path, mask); }
DIR *opendir(const char *path) { return fails_at(LIST, AT_FDCWD, path) ? 0 : REAL(opendir)(path); }
DIR *fdopendir(int fd) { return fails_fd(LIST, fd) ? 0 : REAL(fdopendir)(fd); }
struct dirent *readdir(DIR *folder) { return fails_fd(LIST, dirfd(folder)) ? 0 : REAL(readdir)(folder); }
