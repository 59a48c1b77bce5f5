// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is compiled with the same strictness; named fail points are in debug builds alone.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .define("FAIL_POINTS", .when(configuration: .debug)),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "andon",
  products: [
    .executable(name: "andon", targets: ["andon"]),
    // For Tests/Fuzzing, which is a package of its own.
    .library(name: "Parts", targets: ["IncidentModel", "Playbooks", "Journaling", "Reporting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .target(name: "CLinux"),
    .target(name: "CPostgres", dependencies: ["CLinux"]),
    .target(name: "CCurl", dependencies: ["CLinux"]),

    .target(name: "IncidentModel", swiftSettings: strict),
    .target(name: "Playbooks", dependencies: ["IncidentModel", yams, crypto], swiftSettings: strict),
    .target(name: "Engine", dependencies: ["IncidentModel", "Playbooks"], swiftSettings: strict),
    .target(name: "Journaling", dependencies: ["IncidentModel", "CLinux", grdb, crypto], swiftSettings: strict),
    .target(
      name: "Actions",
      dependencies: ["IncidentModel", "CCurl", "CPostgres", "CLinux", grdb, crypto, subprocess, systemPackage],
      swiftSettings: strict),
    .target(
      name: "Sandbox",
      dependencies: [
        "IncidentModel", "CLinux", "CPostgres", hummingbird, httpTypes, logging, nioCore, grdb, subprocess,
        systemPackage,
      ],
      swiftSettings: strict),
    .target(
      name: "Execution",
      dependencies: ["IncidentModel", "Playbooks", "Engine", "Journaling", "Actions", mustache, crypto],
      swiftSettings: strict),
    .target(
      name: "Reporting", dependencies: ["IncidentModel", "Playbooks", "Engine", "Journaling", crypto, mustache],
      swiftSettings: strict),
    .target(
      name: "Console", dependencies: ["IncidentModel", "Playbooks", "Engine", "Execution", "Reporting", crypto],
      swiftSettings: strict),
    .target(
      name: "Commands",
      dependencies: [
        "IncidentModel", "Playbooks", "Engine", "Journaling", "Actions", "Sandbox", "Execution", "Reporting",
        "Console", "CLinux", argumentParser,
      ],
      swiftSettings: strict),
    .executableTarget(name: "andon", dependencies: ["Commands"], swiftSettings: strict),
    .executableTarget(
      name: "crowd", dependencies: ["IncidentModel", "Playbooks", "Engine", "Journaling", "Actions", "Execution"],
      path: "Tests/Benchmarks/Crowd", swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["IncidentModel", "CPostgres"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "IncidentModelTests", dependencies: ["IncidentModel", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "PlaybooksTests", dependencies: ["Playbooks", "IncidentModel", "TestSupport", yams],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "Playbooks", "IncidentModel"], swiftSettings: strict),
    .testTarget(
      name: "JournalingTests", dependencies: ["Journaling", "IncidentModel", "TestSupport", crypto, grdb],
      swiftSettings: strict),
    .testTarget(
      name: "ActionsTests", dependencies: ["Actions", "IncidentModel", "TestSupport", crypto, grdb],
      swiftSettings: strict),
    .testTarget(
      name: "ExecutionTests", dependencies: ["Execution", "Actions", "Playbooks", "IncidentModel", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SandboxTests", dependencies: ["Sandbox", "IncidentModel", "TestSupport", grdb, yams], swiftSettings: strict
    ),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Reporting", "Engine", "Journaling", "Playbooks", "IncidentModel", "TestSupport", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "ConsoleTests",
      dependencies: ["Console", "Execution", "Playbooks", "IncidentModel", "TestSupport", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["TestSupport", "IncidentModel", "andon"], exclude: ["Screens"],
      swiftSettings: strict),
    .testTarget(
      name: "TortureTests", dependencies: ["TestSupport", "IncidentModel", "andon", grdb], swiftSettings: strict),
  ]
)
