// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Set by `make fuzz` alone: our rooms then count what they execute, and there is a `Fuzzer`. See `Fuzzing/README.md`.
let isFuzzed = ProcessInfo.processInfo.environment["WAYBILL_FUZZ"] != nil

/// One set of rules for every target: see `Documentation/decisions/0001-settings.md`.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    // Named places between two durable acts where a test can make the process die. Never in a release build.
    .define("CRASH_POINTS", .when(configuration: .debug)),
    .unsafeFlags(isFuzzed ? ["-sanitize=fuzzer"] : []),
]

let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A target of ours under the house rules.
func room(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

/// The tests of a room, mirroring its folder.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: exclude,
        swiftSettings: house)
}

/// libFuzzer around `Doors`; its linker flag brings the runtime.
let fuzzer = Target.executableTarget(
    name: "Fuzzer", dependencies: ["Doors"], path: "Fuzzing/Fuzzer", swiftSettings: house,
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])])

let package = Package(
    name: "waybill",
    products: [.executable(name: "waybill", targets: ["waybill"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 1: words, cryptography, files.
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev", "pkg-config"])]),
        .systemLibrary(name: "CFileSystem"),
        room("Vocabulary"),
        room("Folders", ["CFileSystem", "Vocabulary", nioPosix]),
        room("Envelope", ["COpenSSL", "Vocabulary"]),
        // Floor 2: seams and pure decisions.
        room("Policy", ["Vocabulary"]),
        room("Transport", ["Vocabulary"]),
        room("Ledger", ["Vocabulary"]),
        room("Inspection", ["Vocabulary", "Folders"]),
        room("Reports", ["Vocabulary", "Policy", "Ledger"]),
        room("Law", ["Vocabulary", "Policy", "Inspection", yams]),
        room("Settings", ["Vocabulary", "Policy", "Law"]),
        room("Statements", ["Vocabulary", "Envelope", "Transport"]),
        // Floor 3: what happens to a file, and the places where it happens.
        room("LedgerSQLite", ["Vocabulary", "Folders", "Ledger", grdb, grdbSQLite, deque]),
        room(
            "TransportHTTPS",
            [
                "Vocabulary", "Envelope", "Transport", nio, nioPosix, nioHTTP1, nioTLS, nioSSL, log, httpTypes,
                hummingbirdCore, asyncHTTPClient,
            ]),
        room("TransportFolder", ["Vocabulary", "Envelope", "Transport", "Folders", log]),
        room(
            "Exchange",
            [
                "Vocabulary", "Folders", "Envelope", "Policy", "Transport", "Statements", "Ledger", "Law", "Settings",
                "Inspection", log, deque,
            ]),
        room(
            "Witness",
            ["Vocabulary", "Folders", "Envelope", "Policy", "Transport", "Statements", "Ledger", "Exchange", log]),
        room(
            "Proofs", ["Vocabulary", "Envelope", "Policy", "Ledger", "Reports", "Statements"],
            resources: [.embedInCode("Shipped/verify.sh")]),
        // What lies on disk of an agency, for the daemon and for commands.
        room(
            "Premises",
            [
                "Vocabulary", "Folders", "Envelope", "Policy", "Transport", "Ledger", "Law", "Reports", "Settings",
                "LedgerSQLite", "TransportHTTPS", "Statements", "Exchange", "Witness", "Inspection", log,
            ],
            resources: [
                .embedInCode("Shipped/catalogue-2026-11-30.yaml"), .embedInCode("Shipped/agreements/tees-tier-2.yaml"),
                .embedInCode("Shipped/agreements/tier-1.yaml"), .embedInCode("Shipped/words-2026-11-22.yaml"),
            ]),
        // Floor 4: the programs.
        room(
            "Daemon",
            [
                "Vocabulary", "Folders", "Envelope", "Policy", "Transport", "Ledger", "Law", "Settings", "LedgerSQLite",
                "TransportHTTPS", "TransportFolder", "Statements", "Exchange", "Witness", "Premises", log, lifecycle,
                unixSignals,
            ]),
        .executableTarget(
            name: "waybill",
            dependencies: [
                "Vocabulary", "Folders", "Envelope", "Policy", "Transport", "Ledger", "Law", "Settings", "LedgerSQLite",
                "TransportHTTPS", "TransportFolder", "Statements", "Exchange", "Witness", "Proofs", "Premises",
                "Daemon",
                "Reports", "Inspection", arguments, log,
            ],
            swiftSettings: house),
        // For tests and the bench: conformance suites, in-memory twins.
        room("ExchangeTesting", ["Vocabulary", "Folders", "Envelope", "Ledger", "Transport"]),
        // For `make bench` alone, not installed.
        .executableTarget(
            name: "waybill-bench",
            dependencies: [
                "Vocabulary", "Folders", "Envelope", "Policy", "Ledger", "Law", "Settings", "LedgerSQLite",
                "Premises", "ExchangeTesting", "Inspection", arguments,
            ],
            swiftSettings: house),
        // Every place where a partner's bytes are read, as one function each: for tests and for the fuzzer.
        .target(
            name: "Doors",
            dependencies: [
                "Vocabulary", "Folders", "Envelope", "Policy", "Transport", "Ledger", "Law",
                "TransportHTTPS", "TransportFolder", "Exchange", "Proofs", nio, nioEmbedded, nioHTTP1, httpTypes,
                hummingbirdCore, asyncHTTPClient,
            ],
            path: "Fuzzing/Doors", swiftSettings: house),
        // Tests mirror the rooms.
        tests("Doors", []),
        tests("Vocabulary", []),
        tests("Envelope", ["Vocabulary"]),
        tests("Folders", ["Vocabulary"]),
        tests("Policy", ["Vocabulary"]),
        .testTarget(
            name: "InspectionTests", dependencies: ["Inspection", "Folders", "Law", "Vocabulary"],
            exclude: ["identifier-vectors.json"], swiftSettings: house),
        tests("Reports", ["Vocabulary", "Policy", "Ledger"]),
        tests("Law", ["Policy", "Vocabulary"], exclude: ["tees-protocol.txt"]),
        tests("Settings", ["Law", "Policy", "Vocabulary"]),
        .testTarget(
            name: "WaybillTests",
            dependencies: [
                "waybill", "Vocabulary", "Folders", "Policy", "Ledger", "Reports", "Law", "Inspection",
                "Exchange", "Premises", "Daemon", arguments,
            ],
            swiftSettings: house),
        tests(
            "Premises",
            ["Vocabulary", "Folders", "Envelope", "Policy", "Ledger", "Statements", "Exchange", "ExchangeTesting"]),
        // The real binary, two daemons on the loopback.
        .testTarget(name: "JourneyTests", dependencies: ["waybill"], swiftSettings: house),
        tests("Ledger", ["Vocabulary", "Envelope"]),
        .testTarget(
            name: "LedgerSQLiteTests",
            dependencies: ["LedgerSQLite", "Ledger", "Vocabulary", "Envelope", "ExchangeTesting", grdb],
            exclude: ["Go", "cut-at-nul.sql"], swiftSettings: house),
        tests(
            "TransportHTTPS", ["Transport", "Vocabulary", "Envelope", "ExchangeTesting", nio, nioPosix, log, lifecycle]),
        tests("TransportFolder", ["Transport", "Vocabulary", "ExchangeTesting", log]),
        tests(
            "Exchange",
            [
                "ExchangeTesting", "Vocabulary", "Envelope", "Folders", "Policy", "Ledger", "Transport", "Law",
                "Settings", "Inspection", "Statements", "Witness", "Proofs", log,
            ]),
        tests("Statements", ["ExchangeTesting", "Vocabulary", "Envelope"]),
        tests(
            "Proofs", ["ExchangeTesting", "Vocabulary", "Envelope", "Ledger"],
            exclude: ["FormerProof", "SecondFormProof"]),
    ] + (isFuzzed ? [fuzzer] : [])
)
