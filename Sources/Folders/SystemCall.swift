internal import Glibc

/// Runs a system call again while signals interrupt it; a negative result becomes `FileTrouble`.
@discardableResult
func systemCall<Result: SignedInteger>(
    _ operation: StaticString, _ call: () -> Result
) throws(FileTrouble) -> Result {
    while true {
        let result = call()
        if result >= 0 { return result }
        let error = errno
        guard error == EINTR else { throw FileTrouble(operation, errno: error) }
    }
}

/// Opens something; refuses as the kernel would (EMFILE) when only the reserve of descriptors is left (`Descriptors`).
func openingCall(_ operation: StaticString, _ call: () -> Int32) throws(FileTrouble) -> Int32 {
    let descriptor = try systemCall(operation, call)
    guard descriptor < Descriptors.ceiling else {
        close(descriptor)
        throw FileTrouble(operation, errno: EMFILE)
    }
    return descriptor
}

/// openat(2), which Swift takes as a function with characters only.
func openAt(_ folder: Int32, _ name: FileName, _ flags: Int32, mode: UInt32 = 0) -> Int32 {
    unsafe name.c.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return -1 }
        return unsafe openat(folder, start.assumingMemoryBound(to: CChar.self), flags, mode)
    }
}

/// The two GNU calls that Swift's Glibc module does not import, because it is built without `_GNU_SOURCE`.
///
/// They are looked up by name once: a C target for two functions would be a door that everybody has to pass.
enum GNU {
    typealias Renameat2 =
        @convention(c) (Int32, UnsafePointer<UInt8>, Int32, UnsafePointer<UInt8>, UInt32) -> Int32
    typealias Fallocate = @convention(c) (Int32, Int32, off_t, off_t) -> Int32

    /// `linux/fs.h`
    static let renameNoReplace: UInt32 = 1
    /// `linux/falloc.h`
    static let keepSize: Int32 = 1
    /// `asm-generic/fcntl.h`
    static let setLease: Int32 = 1024

    static func rename(_ from: Int32, _ a: FileName, _ to: Int32, _ b: FileName, flags: UInt32) -> Int32 {
        guard let symbol = unsafe dlsym(nil, "renameat2") else { return unsupported() }
        return unsafe unsafeBitCast(symbol, to: Renameat2.self)(from, a.c, to, b.c, flags)
    }

    static func allocate(_ descriptor: Int32, mode: Int32, offset: Int64, count: Int64) -> Int32 {
        guard let symbol = unsafe dlsym(nil, "fallocate") else { return unsupported() }
        return unsafe unsafeBitCast(symbol, to: Fallocate.self)(descriptor, mode, off_t(offset), off_t(count))
    }

    private static func unsupported() -> Int32 {
        errno = ENOSYS
        return -1
    }
}
