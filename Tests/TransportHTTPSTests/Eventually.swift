struct NeverHappened: Error {}

/// Waits up to 50 s for `condition`.
func eventually(_ condition: () -> Bool) async throws {
    for _ in 0..<5000 {
        if condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw NeverHappened()
}
