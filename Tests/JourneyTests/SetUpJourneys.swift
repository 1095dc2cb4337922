import Foundation
import Testing

/// What stands behind `make demo` and `make test`, before and after the building.
@Suite("Setting up and running all tests", .timeLimit(.minutes(5)))
struct SetUpJourneys {
    /// A `swift` that does what this script does, found before the real one.
    private func checkSwift(_ script: String) async throws -> Outcome {
        let scratch = try Scratch()
        defer { scratch.remove() }
        // Written by the shell that runs it: while another thread of ours forks, a file that we have open cannot be executed.
        let words = """
            printf '#!/bin/sh\\n%s\\n' "$1" > "$2/swift" && chmod 755 "$2/swift" && PATH="$2:$PATH" exec sh "$3"
            """
        return try await Command.run(
            "/bin/sh", ["-c", words, "sh", script, scratch.path, Binary.sources + "Support/check-swift.sh"])
    }

    @Test("a swift that cannot start is quoted, not called too old")
    func cannotStart() async throws {
        let words = "swift: error while loading shared libraries: libncurses.so.6: cannot open shared object file"
        let outcome = try await checkSwift("echo '\(words)' >&2; exit 127")
        #expect(outcome.code == 1)
        #expect(outcome.err.contains(words) && outcome.err.contains("127"), "\(outcome)")
        #expect(!outcome.err.contains("too old"), "\(outcome)")
    }

    @Test("one that says nothing of its version is quoted too, and one killed by a signal")
    func saysNothing() async throws {
        let other = try await checkSwift("echo 'swift: the other program of that name'")
        #expect(other.code == 1 && other.err.contains("the other program"), "\(other)")
        let killed = try await checkSwift("kill -SEGV $$")
        #expect(killed.code == 1 && killed.err.contains("does not start"), "\(killed)")
    }

    @Test(
        "versions are compared as numbers",
        arguments: [("6.2.4", false), ("5.10", false), ("6.3", true), ("6.3.1", true), ("6.10", true), ("7.0", true)])
    func versions(_ version: String, _ isEnough: Bool) async throws {
        let outcome = try await checkSwift("echo 'Swift version \(version) (swift-\(version)-RELEASE)'")
        #expect((outcome.code == 0) == isEnough, "\(outcome)")
        if !isEnough { #expect(outcome.err.contains("Swift \(version) is too old"), "\(outcome)") }
    }

    /// Threads of a test have signals blocked, children inherit that, and timeout(1) waits for SIGCHLD: as from a shell.
    private static let unblocking = """
        import os, signal, sys
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(sys.argv[1], sys.argv[1:])
        """

    private func runAll(_ runs: String..., environment: [String: String] = [:]) async throws -> Outcome {
        let script = ["sh", Binary.sources + "Support/run-all.sh"] + runs
        return try await Command.run(
            "/usr/bin/env", ["python3", "-c", Self.unblocking] + script, environment: environment)
    }

    private static let fails =
        "echo 'x Test \"one\" failed after 1 s.'; echo 'x Test run with 3 tests failed after 2 s.'; exit 1"
    private static let passes = "echo 'v Test run with 4 tests passed after 5 s.'"

    @Test("a run that fails hides none after it: it is named at the end, and closing lines stand last")
    func failing() async throws {
        let outcome = try await runAll("first", Self.fails, "second", Self.passes)
        #expect(outcome.code == 1)
        let end = [
            "== failed in first", "x Test \"one\" failed after 1 s.", "Failed: first.", "== closing lines",
            "x Test run with 3 tests failed after 2 s.", "v Test run with 4 tests passed after 5 s.",
        ]
        #expect(outcome.lines.suffix(6) == end, "\(outcome)")
    }

    @Test("a run that crashes or hangs hides none after it, and fails the whole")
    func crashing() async throws {
        let outcome = try await runAll(
            "first", "echo begun; kill -SEGV $$", "second", "echo asleep; exec sleep 1000", "third", Self.passes,
            environment: ["RUN_MINUTES": "0.02"])
        #expect(outcome.code == 1)
        #expect(outcome.out.contains("It was stopped after 0.02 minutes"), "\(outcome)")
        let end = ["Failed: first second.", "== closing lines", "v Test run with 4 tests passed after 5 s."]
        #expect(outcome.lines.suffix(3) == end, "\(outcome)")
    }

    @Test("what was skipped is said again at the end, with its reason")
    func skipped() async throws {
        let skips = "echo 'Test \"on a disk\" skipped: \"needs root\"'; echo 'NOT TESTED: a thing'; \(Self.passes)"
        let outcome = try await runAll("first", skips)
        #expect(outcome.code == 0)
        let end = [
            "== not tested on this machine", "Test \"on a disk\" skipped: \"needs root\"", "NOT TESTED: a thing",
            "== closing lines", "v Test run with 4 tests passed after 5 s.",
        ]
        #expect(outcome.lines.suffix(5) == end, "\(outcome)")
    }
}
