internal import Glibc

package enum Signals {
    /// From now on this signal does nothing by itself; whoever listens for it still hears it.
    package static func ignore(_ number: Int32) { _ = signal(number, SIG_IGN) }

    /// Ends the process here and now, whatever its threads wait for: nothing is flushed, closed or freed.
    package static func endProcess(code: Int32) -> Never { _exit(code) }
}
