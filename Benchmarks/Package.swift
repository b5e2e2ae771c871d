// swift-tools-version: 6.2
import PackageDescription

// The yardstick is a package of its own, so that nothing it needs reaches users of Weir. The rows
// so far run the `weir` program, so not even a path dependency on `..` is needed yet; a row that
// calls one of Weir's libraries adds it, for its own target only.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "weir-benchmarks",
  products: [
    .executable(name: "weir-make-capture", targets: ["weir-make-capture"]),
    .executable(name: "weir-bench", targets: ["weir-bench"]),
    .library(name: "BenchCapture", targets: ["BenchCapture"]),
    .library(name: "BenchKit", targets: ["BenchKit"]),
  ],
  targets: [
    // Large plausible captures, and the exact truth about them.
    .target(name: "BenchCapture", swiftSettings: strict),
    // Contenders, rounds, medians, tables: knows nothing about packets.
    .target(name: "BenchKit", swiftSettings: strict),
    // The rows that replay captures through programs, ours and others'.
    .target(
      name: "BenchReplay", dependencies: ["BenchCapture", "BenchKit"], swiftSettings: strict),

    .executableTarget(
      name: "weir-make-capture", dependencies: ["BenchCapture", "BenchKit"],
      swiftSettings: strict),
    .executableTarget(
      name: "weir-bench", dependencies: ["BenchKit", "BenchReplay"], swiftSettings: strict),

    .testTarget(
      name: "BenchCaptureTests", dependencies: ["BenchCapture"], swiftSettings: strict),
    .testTarget(name: "BenchKitTests", dependencies: ["BenchKit"], swiftSettings: strict),
    .testTarget(
      name: "BenchReplayTests", dependencies: ["BenchCapture", "BenchKit", "BenchReplay"],
      swiftSettings: strict),
  ]
)
