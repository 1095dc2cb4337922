import Foundation
import Testing

import struct Folders.Subprocess

@testable import Inspection

/// Extractors that do harm: scripts in the place of pdftotext, under the confinement that this machine allows.
@Suite(.enabled(if: machine.confinement != nil, "needs util-linux")) struct ExtractConfinementTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func run(
        _ body: String, confinement: Confinement? = machine.confinement, _ change: (inout Limits) -> Void = { _ in }
    ) throws -> (outcome: Inspection.Outcome, text: String, time: Duration) {
        var limits = Limits()
        limits.time = .seconds(20)
        change(&limits)
        let toolbox = Toolbox(programs: [.pdf: try scratch.script(body)], confinement: confinement)
        let clock = ContinuousClock()
        let start = clock.now
        let (outcome, text) = try look(Array("%PDF-1.4 input".utf8), "pdf", toolbox: toolbox, limits: limits)
        return (outcome, text, clock.now - start)
    }

    private let failed = Extractor.pdf.failed

    @Test("one that sleeps for ever is ended at the time limit")
    func sleeps() throws {
        let (outcome, _, time) = try run("exec sleep 1000") { $0.time = .milliseconds(500) }
        #expect(outcome == .notChecked("the time limit was reached before the end of the file"))
        #expect(time < .seconds(5))
    }

    @Test("one that closes its output and goes on is ended at the time limit")
    func silent() throws {
        let (outcome, text, time) = try run("echo begun; exec sleep 1000 >&-") { $0.time = .milliseconds(500) }
        #expect(outcome == .partly("the time limit was reached before the end of the file"))
        #expect(text == "begun\n")
        #expect(time < .seconds(5))
    }

    @Test("one that prints for ever is read to the limit and ended")
    func prints() throws {
        let (outcome, text, time) = try run("exec yes") { $0.text = 1 << 20 }
        #expect(outcome == .partly("only the first 1 MiB of its text are read"))
        #expect(text.utf8.count == 1 << 20)
        #expect(time < .seconds(10))
    }

    @Test("one that computes for ever is ended at its processor time")
    func computes() throws {
        let (outcome, _, time) = try run("while :; do :; done") { $0.processorSeconds = 1 }
        #expect(outcome == .notChecked(failed))
        #expect(time < .seconds(15))
    }

    @Test("one that crashes is not checked, or partly if it printed text before")
    func crashes() throws {
        #expect(try run("exec perl -e 'unpack \"p\", pack \"L!\", 1'").outcome == .notChecked(failed))
        #expect(try run("echo text; exec perl -e 'unpack \"p\", pack \"L!\", 1'").outcome == .partly(failed))
        #expect(try run("echo text; exit 3").outcome == .partly(failed))
    }

    @Test(
        "one that takes memory gets no more than its limit",
        .enabled(if: Subprocess.isProgram("/usr/bin/awk"), "needs awk"))
    func memory() throws {
        let body = "exec /usr/bin/awk 'BEGIN { s = \"x\"; while (length(s) < 1e9) { s = s s }; print \"had it\" }'"
        let (outcome, text, _) = try run(body)
        guard case .notChecked = outcome else {
            Issue.record("it got its memory: \(text)")
            return
        }
    }

    @Test("one that writes a file writes no byte")
    func writes() throws {
        let place = scratch.path("stolen")
        _ = try run("cat > \(place); echo more >> \(place); echo text")
        #expect((FileManager.default.contents(atPath: place) ?? Data()).isEmpty)
    }

    @Test(
        "it can neither read, list, write, make, remove nor rename a file of ours, nor run one",
        .enabled(if: machine.confinement?.files != nil, "needs a kernel with Landlock (5.13)"),
        arguments: [
            "cat KEY", "ls FOLDER", "echo x > KEY", "echo x >> KEY", ": > FOLDER/new", "rm -f KEY",
            "mv KEY FOLDER/moved",
            "ln KEY FOLDER/link", "mkdir FOLDER/made", "rmdir FOLDER/empty", "cd FOLDER && cat key", "KEY",
            "cat /proc/$PPID/root/KEY", "cat /etc/passwd", "truncate -s 0 KEY", "dd if=/dev/null of=KEY",
        ])
    func files(_ attempt: String) throws {
        let folder = scratch.path("keys")
        try FileManager.default.createDirectory(atPath: folder + "/empty", withIntermediateDirectories: true)
        let key = folder + "/key"
        try Data("#!/bin/sh\necho SECRET of:us".utf8).write(to: URL(filePath: key))
        #expect(unsafe chmod(key, 0o700) == 0)
        let body = attempt.replacingOccurrences(of: "KEY", with: key)
            .replacingOccurrences(of: "FOLDER", with: folder)
        let (outcome, text, _) = try run("echo begun; \(body) || echo refused; echo ended")
        #expect(!text.contains("SECRET") && !text.contains("key\n") && !text.contains("root:"))
        #expect(outcome != .checked || text.contains("refused"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["empty", "key"])
        #expect(FileManager.default.contents(atPath: key)?.count == 27)
    }

    @Test("nothing that it starts outlives it, in its session or out of it")
    func forks() throws {
        let mark = "86\(Int.random(in: 100_000...999_999))"
        let (outcome, _, _) = try run("sleep \(mark) & setsid sleep \(mark) & echo text") { $0.time = .seconds(1) }
        #expect(outcome != .checked || machine.confinement?.walls == .all)
        // As root without walls the kernel allows it to run away; the daemon is not root and has the limit on processes.
        guard machine.confinement?.walls == .all || geteuid() != 0 else { return }
        usleep(200_000)
        let survivors = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
            return Int(name) != nil && String(decoding: line, as: UTF8.self).contains(mark)
        }
        #expect(survivors.isEmpty)
    }

    @Test("it starts no other process", .enabled(if: geteuid() != 0, "the kernel does not hold root to it"))
    func forksNot() throws {
        let (outcome, text, _) = try run("echo text; /bin/true; echo forked")
        #expect(outcome == .partly(failed))
        #expect(text == "text\n")
    }

    @Test("its limits are those that were set")
    func limits() throws {
        let text = try run("exec cat /proc/self/limits").text
        func limit(_ name: String) -> [Substring] {
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
            return line.dropFirst(name.count).split(separator: " ").prefix(2) + []
        }
        let memory = Substring("\(Limits().memory)")
        #expect(limit("Max address space") == [memory, memory])
        #expect(limit("Max cpu time") == ["30", "30"])
        #expect(limit("Max file size") == ["0", "0"])
        #expect(limit("Max processes") == ["1", "1"])
        #expect(limit("Max open files") == ["32", "32"])
        #expect(limit("Max core file size") == ["0", "0"])
    }

    @Test(
        "it has no privileges and cannot get any",
        .enabled(if: machine.confinement?.dropsPrivileges == true, "needs setpriv"))
    func privileges() throws {
        let text = try run("exec cat /proc/self/status").text
        #expect(text.contains("NoNewPrivs:\t1"))
        #expect(text.contains("CapEff:\t0000000000000000"))
        #expect(text.contains("CapAmb:\t0000000000000000"))
    }

    @Test(
        "it has no network",
        .enabled(if: machine.confinement.map { $0.walls != .none } ?? false, "needs namespaces"))
    func network() throws {
        let text = try run("exec cat /proc/self/net/dev").text
        let interfaces = text.split(separator: "\n").dropFirst(2).compactMap { $0.split(separator: ":").first }
        #expect(interfaces.map { $0.filter { $0 != " " } } == ["lo"])
    }

    @Test("it gets one variable of the environment, three open files, and the folder of nobody")
    func surroundings() throws {
        // The shell adds where it is.
        let variables = Set(try run("exec cat /proc/self/environ").text.split(separator: "\0"))
        #expect(variables.subtracting(["PWD=/"]) == ["LC_ALL=C.UTF-8"])
        // The fourth is what lists them.
        #expect(try run("exec ls /proc/self/fd").text.split(separator: "\n") == ["0", "1", "2", "3"])
        #expect(try run("pwd").text == "/\n")
        #expect(try run("exec cat").text == "%PDF-1.4 input")
    }

    @Test("its standard input is read only, and reading it moves nobody else's position")
    func input() throws {
        #expect(try run("echo x >&0; exec cat <&0").text == "%PDF-1.4 input")
    }

    @Test("every kind of walls that works here holds the limits", arguments: Confinement.Walls.allCases)
    func walls(_ walls: Confinement.Walls) throws {
        let confinement = Confinement(
            walls: walls, dropsPrivileges: machine.confinement?.dropsPrivileges == true,
            files: machine.confinement?.files)
        guard confinement.works else { return }
        #expect(try run("exec cat", confinement: confinement).outcome == .checked)
        let (outcome, _, _) = try run("exec sleep 1000", confinement: confinement) { $0.time = .milliseconds(300) }
        #expect(outcome == .notChecked("the time limit was reached before the end of the file"))
    }

    @Test("a program that is none could not be started or fails, and nothing else happens")
    func noProgram() throws {
        let toolbox = Toolbox(programs: [.pdf: scratch.path("none")], confinement: machine.confinement)
        guard case .notChecked = try look(Fixture.pdf(["a"]), "pdf", toolbox: toolbox).outcome else {
            Issue.record("nothing was run, and yet it was checked")
            return
        }
    }
}
