package import Folders
internal import Glibc

/// How extractors are kept from doing harm: programs of util-linux in front of theirs, each of which restricts itself and
/// then becomes the next. What this machine allows is tried once.
package struct Confinement: Sendable {
    /// The wall between the extractor and the rest of the machine.
    package enum Walls: String, Sendable, CaseIterable {
        /// Own processes, network, IPC and host name: all of its processes die with the first one.
        case all = "its own processes and no network"
        case network = "no network"
        /// The kernel or the unit allows no namespaces. The limits hold all the same.
        case none = "limits only"
    }

    package let walls: Walls
    /// Whether setpriv was there: no new privileges, and none of this process's.
    package let dropsPrivileges: Bool
    /// What it may reach in the file system; nil where the kernel builds no such wall.
    package let files: FileWall?

    private static let folder = "/usr/bin/"

    /// Tries what is possible here. Nil where even limits cannot be set. Blocks for some milliseconds.
    package static func find() -> Confinement? {
        for files in [usual, nil] {
            for walls in Walls.allCases {
                for dropsPrivileges in [true, false] {
                    let candidate = Confinement(walls: walls, dropsPrivileges: dropsPrivileges, files: files)
                    if candidate.works { return candidate }
                }
            }
        }
        return nil
    }

    /// Programs, libraries, fonts and tables; nothing of ours, and nobody's files. choom writes into /proc, where a process
    /// inside a wall reaches no process outside it.
    static let usual = FileWall(
        readable: [
            "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts",
            "/etc/catdocrc", "/etc/xpdf", "/etc/localtime", "/etc/locale.alias", "/dev/zero", "/dev/urandom",
        ],
        writable: ["/dev/null", "/proc"])

    var works: Bool {
        guard let name = FileName("null"), let null = try? FileHandle(name, in: Folder("/dev"), .read) else {
            return false
        }
        let run = start([Self.folder + "true"], Limits(), input: null)
        let budget = Budget(.seconds(5))
        return run?.read(limit: 0, until: { budget.stop }) { _ in } == .exited(0)
    }

    /// Nil if it cannot be started.
    /// - Parameter program: absolute path and arguments.
    func start(_ program: [String], _ limits: Limits, input: borrowing FileHandle) -> Subprocess? {
        let wall = program.first.flatMap { files?.letting(run: $0) } ?? files
        return Subprocess(command(program, limits), input: input, inside: wall)
    }

    /// `program` with everything in front of it.
    private func command(_ program: [String], _ limits: Limits) -> [String] {
        namespaces + privileges + Self.manners + Self.bounds(limits) + program
    }

    private var namespaces: [String] {
        // Only root may have them without a user namespace around.
        let user = geteuid() == 0 ? [] : ["--user"]
        return switch walls {
        case .all:
            [Self.folder + "unshare", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child"] + user + ["--"]
        case .network: [Self.folder + "unshare", "--net"] + user + ["--"]
        case .none: []
        }
    }

    private var privileges: [String] {
        guard dropsPrivileges else { return [] }
        let ofRoot = geteuid() == 0 ? ["--bounding-set=-all"] : []
        return [Self.folder + "setpriv", "--no-new-privs", "--inh-caps=-all", "--ambient-caps=-all"] + ofRoot + ["--"]
    }

    /// It waits for everybody else, and is the first to go when memory runs out.
    private static let manners = [folder + "nice", "-n", "15", folder + "choom", "-n", "1000", "--"]

    /// One process and one thread: extractors need no more. The kernel does not hold root to that.
    private static func bounds(_ limits: Limits) -> [String] {
        [
            folder + "prlimit", "--as=\(limits.memory)", "--cpu=\(limits.processorSeconds)", "--fsize=0", "--nproc=1",
            "--nofile=\(limits.openFiles)", "--core=0", "--",
        ]
    }
}
