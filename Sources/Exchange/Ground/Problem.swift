package import Transport

/// Here a problem is what an arrival is told; `Folders.Problem` is spelt out where an outbox has one.
package typealias Problem = Transport.Problem
