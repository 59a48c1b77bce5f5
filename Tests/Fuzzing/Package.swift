// swift-tools-version: 5.4
// Not newer: from 5.5 on the entry point of an executable is renamed, and libFuzzer brings its own.
import PackageDescription

/// One program for each parser of foreign bytes. `make fuzz` builds and runs them; nothing else knows of them.
func fuzzer(_ name: String) -> Target {
  .executableTarget(
    name: "\(name)Fuzzer",
    dependencies: [.product(name: "Parts", package: "andon"), .product(name: "Crypto", package: "swift-crypto")],
    swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
  name: "fuzzing",
  dependencies: [
    .package(name: "andon", path: "../.."), .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    fuzzer("Loader"), fuzzer("Expression"), fuzzer("Redactor"), fuzzer("VisibleText"), fuzzer("Markdown"),
    fuzzer("Journal"),
  ]
)
