// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that Hyperscan never becomes a dependency of Weir or of its other benchmarks.

let package = Package(
  name: "weir-pattern-benchmarks",
  dependencies: [.package(name: "weir", path: "../..")],
  targets: [
    .systemLibrary(
      name: "CHyperscan", pkgConfig: "libhs", providers: [.apt(["libhyperscan-dev"])]),
    .executableTarget(
      name: "PatternBench",
      dependencies: ["CHyperscan", .product(name: "WeirMatch", package: "weir")],
      swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
