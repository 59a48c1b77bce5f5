// swift-tools-version: 6.2
import PackageDescription

/// What the benchmarks hold Andon against and only Swift can be: apart from Andon's own package, which need not build it.
let package = Package(
  name: "yardsticks",
  dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")],
  targets: [.executableTarget(name: "compose", dependencies: [.product(name: "Yams", package: "Yams")])])
