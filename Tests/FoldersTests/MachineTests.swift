import Glibc
import Testing

@testable import Folders

@Suite("Mounts, locks, notices and crash points")
struct MachineTests {
    let temp: TestFolder

    init() throws { temp = try TestFolder() }

    static let mountinfo = """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:7 - ext4 /dev/root rw,errors=continue
        360 35 0:50 / /srv/a\\040-\\040b rw shared:2 - nfs4 server:/x rw
        """

    @Test(
        "mountinfo is read with none or many optional fields", arguments: [(22, "proc"), (36, "ext4"), (360, "nfs4")])
    func mountinfo(_ id: Int, _ type: String) {
        #expect(Mount.type(of: id, inMountinfo: Self.mountinfo) == type)
    }

    @Test("an unknown mount has no type, and fdinfo without a mount id has no id")
    func unknownMount() {
        #expect(Mount.type(of: 3, inMountinfo: Self.mountinfo) == nil)
        #expect(Mount.id(inFdinfo: "pos:\t0\nflags:\t0100000\n") == nil)
        #expect(Mount.id(inFdinfo: "pos:\t0\nflags:\t0100000\nmnt_id:\t24\nino:\t3\n") == 24)
    }

    @Test(
        "file systems and what can be expected of them",
        arguments: [
            ("ext4", FileSystemKind.local(leasesWork: true)), ("xfs", .local(leasesWork: true)),
            ("btrfs", .local(leasesWork: true)), ("tmpfs", .local(leasesWork: false)),
            ("overlay", .local(leasesWork: false)), ("nfs4", .network), ("cifs", .network), ("fuse.sshfs", .network),
            ("9p", .network), ("something-new", .network),
        ])
    func kinds(_ type: String, _ kind: FileSystemKind) {
        #expect(FileSystemKind.of(type: type) == kind)
    }

    @Test("the machine's own mounts are told apart")
    func realMounts() throws {
        let proc = try Folder("/proc")
        #expect(FileSystemKind.of(proc) == .network)
        #expect(!DiskSpace.onSameMount(proc, temp.folder))
        #expect(DiskSpace.onSameMount(try temp.sub("a"), temp.folder))
    }

    @Test("a file system's number and its line in mountinfo say the same of every mount of this machine")
    func numbers() throws {
        // Not those of which the number tells less (devtmpfs, ext2), and no server that may not answer.
        let told = Set(FileSystemNumber.names.values).filter { FileSystemKind.of(type: $0) != .network }
        for folder in try Disk.mountPoints().compactMap({ try? Folder($0) }) {
            guard let mount = Mount(of: folder), told.contains(mount.type) else { continue }
            #expect(FileSystemNumber.name(under: folder.descriptor) == mount.type)
        }
        // The one mount that every machine has and a test can be sure of.
        #expect(FileSystemNumber.name(at: "/proc") == "proc")
        #expect(FileSystemNumber.name(at: temp.path + "/nothing") == nil)
    }

    @Test("the number alone tells local from network, and an unknown one counts as a network")
    func numberAlone() {
        let kinds: [(Int, FileSystemKind)] = [
            (0xEF53, .local(leasesWork: true)), (0x5846_5342, .local(leasesWork: true)),
            (0x9123_683E, .local(leasesWork: true)), (0x0102_1994, .local(leasesWork: false)),
            (0x794C_7630, .local(leasesWork: false)), (0x6969, .network), (0xFF53_4D42, .network),
            (Int(Int32(bitPattern: 0xFF53_4D42)), .network), (0x6573_5546, .network), (0x1234_5678, .network),
        ]
        for (number, kind) in kinds {
            #expect(FileSystemNumber.name(of: number).map(FileSystemKind.of(type:)) ?? .network == kind)
        }
        #expect(FileSystemNumber.name(of: 0x1234_5678) == nil)
    }

    @Test("one installation has one daemon, and the second is told whose it is")
    func lock() throws {
        let name = try FileName.of("lock")
        #expect(try InstallationLock.holder(in: temp.folder, name) == nil)
        do {
            let lock = try InstallationLock(in: temp.folder, name)
            #expect(try InstallationLock.holder(in: temp.folder, name) == getpid())
            do {
                _ = try InstallationLock(in: temp.folder, name)
                Issue.record("locked twice")
            } catch {
                guard case .heldBy(pid: getpid()) = error else { throw error }
            }
            _ = consume lock
        }
        #expect(try InstallationLock.holder(in: temp.folder, name) == nil)
        _ = try InstallationLock(in: temp.folder, name)
    }

    @Test("a lock of a process that was killed is free again")
    func lockAfterKill() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let folder = try Folder.make("/var/tmp/waybill-folders-test-lock-\(getppid())", mode: 0o700)
            let lock = try InstallationLock(in: folder, .of("lock"))
            kill(getpid(), SIGKILL)
            _ = consume lock
        }
        let path = "/var/tmp/waybill-folders-test-lock-\(getpid())"
        let folder = try Folder(path)
        #expect(try folder.names() == ["lock"])
        _ = try InstallationLock(in: folder, .of("lock"))
        try folder.remove(.of("lock"))
        try Disk.remove(path)
    }

    @Test("systemd hears of us by path and by abstract name", arguments: [false, true])
    func notify(_ abstract: Bool) throws {
        let name = (abstract ? "@" : "") + temp.path + "/notify"
        let systemd = try Disk.socket(name)
        defer { close(systemd) }
        let notifier = try #require(Notifier(environment: ["NOTIFY_SOCKET": name]))
        #expect(notifier.tell(.ready, .status("two\nlines")))
        #expect(Disk.received(systemd) == "READY=1\nSTATUS=twolines")
        #expect(notifier.tell(.watchdog))
        #expect(Disk.received(systemd) == "WATCHDOG=1")
        #expect(notifier.tell(.stopping))
        #expect(Disk.received(systemd) == "STOPPING=1")
    }

    @Test("nobody there, nobody told")
    func notifyNobody() {
        #expect(Notifier(environment: [:]) == nil)
        #expect(Notifier(socketName: "relative") == nil)
        #expect(Notifier(socketName: "/" + String(repeating: "a", count: 120)) == nil)
        #expect(Notifier(socketName: temp.path + "/nothing")?.tell(.ready) == false)
    }

    @Test("a planned crash is read from its text")
    func plannedCrash() {
        #expect(PlannedCrash("midStream")?.point == .midStream)
        #expect(PlannedCrash("midStream")?.pass == 1)
        #expect(PlannedCrash("afterWeigh:3")?.pass == 3)
        for text in ["", "nowhere", "midStream:0", "midStream:x", "midStream:1:2"] {
            #expect(PlannedCrash(text) == nil)
        }
    }

    @Test("the process dies at the third pass of its point and at no other")
    func crash() async {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            unsafe setenv("WAYBILL_CRASH_AT", "midStream:3", 1)
            CrashPoint.midStream.pass()
            CrashPoint.afterWeigh.pass()
            CrashPoint.midStream.pass()
            CrashPoint.midStream.pass()
            exit(1)
        }
        await #expect(processExitsWith: .exitCode(4)) {
            unsafe setenv("WAYBILL_CRASH_AT", "midStream:3", 1)
            for _ in 0..<2 { CrashPoint.midStream.pass() }
            for point in CrashPoint.allCases where point != .midStream { point.pass() }
            exit(4)
        }
    }
}
