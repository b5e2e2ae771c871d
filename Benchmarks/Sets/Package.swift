// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because it calls the library, which the other benchmarks need not build.

let package = Package(
  name: "weir-set-benchmarks",
  dependencies: [
    .package(name: "weir", path: "../.."), .package(name: "weir-benchmarks", path: ".."),
  ],
  targets: [
    .executableTarget(
      name: "SetBench",
      dependencies: [
        .product(name: "WeirMatch", package: "weir"),
        .product(name: "BenchKit", package: "weir-benchmarks"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
