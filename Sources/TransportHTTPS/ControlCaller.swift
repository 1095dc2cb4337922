/// Who is at the other end of the control socket, as the kernel tells: SO_PEERCRED, unix(7).
package struct ControlCaller: Hashable, Sendable {
    package let pid: Int32
    package let uid: UInt32
    /// The primary group only; file permissions of the socket decide about the others.
    package let gid: UInt32
}
