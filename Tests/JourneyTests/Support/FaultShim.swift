import Foundation

/// System calls of a daemon that fail or hang as a broken disk's do, by a library that is loaded before libc.
///
///     WB_FAULT=sync:5:3:ledger.sqlite|/hartlepool$    the third sync of such a file or folder ends with errno 5
///     WB_FAULT=write:122:0:ledger.sqlite              every write ends with errno 122, for as long as WB_WHILE exists
///     WB_FAULT=hang:0:0:/inbox                        every sync there waits for ever
///
/// Every sync that succeeds copies the file to the folder WB_DISK: what a power cut would leave of it.
enum FaultShim {
    /// Nil, and said, where there is no C compiler.
    static let library: String? = {
        guard let folder = try? Scratch() else { return nil }
        let (source, made) = ("\(folder.path)/shim.c", "\(folder.path)/shim.so")
        try? text.write(toFile: source, atomically: true, encoding: .utf8)
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compiler.arguments = ["gcc", "-O1", "-shared", "-fPIC", "-o", made, source, "-ldl", "-lpthread"]
        guard (try? compiler.run()) != nil else { return nil }
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            print("SKIPPED: no gcc here, so no disk is made to fail: journeys of broken disks are not run")
            return nil
        }
        return made
    }()

    static func environment(
        _ kind: String, errno: Int32, nth: Int, of places: String, while file: String? = nil, disk: String? = nil
    ) -> [String: String] {
        var environment = ["WB_FAULT": "\(kind):\(errno):\(nth):\(places)"]
        environment["LD_PRELOAD"] = library
        environment["WB_WHILE"] = file
        environment["WB_DISK"] = disk
        return environment
    }

    private static let text = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <pthread.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/stat.h>
        #include <unistd.h>
        static atomic_int passes;
        static pthread_mutex_t copying = PTHREAD_MUTEX_INITIALIZER;
        static int matches(int fd, char *path) {
            char link[64], list[512];
            const char *fault = getenv("WB_FAULT");
            snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
            ssize_t n = readlink(link, path, PATH_MAX - 1);
            if (n < 0 || !fault) return 0;
            path[n] = 0;
            for (int colons = 0; *fault && colons < 3; fault++) colons += *fault == ':';
            snprintf(list, sizeof list, "%s", fault);
            char *rest = 0;
            for (char *one = strtok_r(list, "|", &rest); one; one = strtok_r(0, "|", &rest)) {
                size_t length = strlen(one);
                if (one[length - 1] == '$') {
                    if ((size_t)n >= length - 1 && !strncmp(path + n - (length - 1), one, length - 1)) return 1;
                } else if (strstr(path, one)) return 1;
            }
            return 0;
        }
        /* The errno to fail with, 0 for none. */
        static int fault(const char *kind, int fd) {
            char path[PATH_MAX];
            const char *f = getenv("WB_FAULT"), *lasting = getenv("WB_WHILE");
            if (!f || strncmp(f, kind, strlen(kind)) || f[strlen(kind)] != ':') return 0;
            if (lasting && access(lasting, F_OK)) return 0;
            int code = 0, nth = 0;
            sscanf(f + strlen(kind), ":%d:%d", &code, &nth);
            if (!matches(fd, path)) return 0;
            if (nth && atomic_fetch_add(&passes, 1) + 1 != nth) return 0;
            return code ? code : -1;
        }
        static void keep(int fd) {
            char path[PATH_MAX], to[PATH_MAX + 64], new[PATH_MAX + 80], buffer[65536];
            const char *disk = getenv("WB_DISK");
            struct stat s;
            if (!disk || !matches(fd, path) || fstat(fd, &s) || !S_ISREG(s.st_mode)) return;
            snprintf(to, sizeof to, "%s/%s", disk, strrchr(path, '/') + 1);
            snprintf(new, sizeof new, "%s.new", to);
            pthread_mutex_lock(&copying);
            int in = open(path, O_RDONLY), out = open(new, O_WRONLY | O_CREAT | O_TRUNC, 0640);
            for (ssize_t n; (n = read(in, buffer, sizeof buffer)) > 0;) if (write(out, buffer, n) != n) abort();
            close(in);
            close(out);
            rename(new, to);
            pthread_mutex_unlock(&copying);
        }
        static int synced(int fd, const char *name) {
            int code = fault("sync", fd);
            if (code) { errno = code; return -1; }
            if (fault("hang", fd)) for (;;) pause();
            int result = ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
            if (!result) keep(fd);
            return result;
        }
        int fsync(int fd) { return synced(fd, "fsync"); }
        int fdatasync(int fd) { return synced(fd, "fdatasync"); }
        static ssize_t put(int fd, const void *b, size_t n, off_t at, const char *name) {
            int code = fault("write", fd);
            if (code) { errno = code; return -1; }
            return ((ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, name))(fd, b, n, at);
        }
        ssize_t pwrite(int fd, const void *b, size_t n, off_t at) { return put(fd, b, n, at, "pwrite"); }
        ssize_t pwrite64(int fd, const void *b, size_t n, off_t at) { return put(fd, b, n, at, "pwrite64"); }
        """
}
