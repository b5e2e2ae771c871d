// swift-tools-version: 6.2
import PackageDescription

// The layers of the house: a target imports lower layers only, never its neighbors.
// `Tests/TidyTests` holds this table against the imports that the sources make.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "weir",
  products: [
    .executable(name: "weir", targets: ["weir"]),
    .library(name: "WeirMatch", targets: ["WeirMatch", "WeirModel"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
  ],
  targets: [
    // 0: the words of the field, and the shims.
    .target(name: "CWeirSIMD"),
    .systemLibrary(name: "CPcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(
      name: "CCompression", providers: [.apt(["zlib1g-dev", "libzstd-dev", "liblz4-dev"])]),
    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "WeirModel", swiftSettings: strict),

    // 1: one job each.
    .target(name: "WeirMatch", dependencies: ["WeirModel", "CWeirSIMD"], swiftSettings: strict),
    .target(
      name: "WeirDecode", dependencies: ["WeirModel", "CWeirSIMD", "CCrypto"],
      swiftSettings: strict),
    .target(
      name: "WeirGate", dependencies: ["WeirModel", "CPcap", "CCompression"], swiftSettings: strict),
    .target(name: "WeirCrypto", dependencies: ["CCrypto"], swiftSettings: strict),
    .target(name: "WeirEnforce", dependencies: ["WeirModel"], swiftSettings: strict),

    // 2: indicators and policy compiled; the memory between packets; counts.
    .target(name: "WeirTally", dependencies: ["WeirModel", "WeirCrypto"], swiftSettings: strict),
    .target(
      name: "WeirRules", dependencies: ["WeirModel", "WeirMatch", "WeirCrypto"],
      swiftSettings: strict),
    .target(
      name: "WeirFlow", dependencies: ["WeirModel", "WeirDecode", "CWeirSIMD"],
      swiftSettings: strict),

    // 3: the data plane.
    .target(
      name: "WeirEngine",
      dependencies: [
        "WeirModel", "WeirMatch", "WeirDecode", "WeirGate", "WeirTally", "WeirRules", "WeirFlow",
      ],
      swiftSettings: strict),

    // 4: feeds in, reports out.
    .target(
      name: "WeirFeeds", dependencies: ["WeirModel", "WeirRules", "CCompression"],
      swiftSettings: strict),
    .target(
      name: "WeirReport",
      dependencies: [
        "WeirModel", "WeirMatch", "WeirDecode", "WeirGate", "WeirTally", "WeirRules", "WeirEngine",
        "WeirCrypto",
      ],
      swiftSettings: strict),

    .target(name: "WeirConfig", dependencies: ["CYAML"], swiftSettings: strict),
    .target(
      name: "WeirShare", dependencies: ["WeirModel", "WeirCrypto"],
      swiftSettings: strict),

    // 6: commands only.
    .executableTarget(
      name: "weir",
      dependencies: [
        "WeirModel", "WeirMatch", "WeirDecode", "WeirGate", "WeirTally", "WeirEnforce", "WeirRules",
        "WeirEngine", "WeirFeeds", "WeirReport", "WeirShare", "WeirConfig",
        "WeirCrypto",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // How another program uses the matchers.
    .executableTarget(
      name: "match-example", dependencies: ["WeirMatch", "WeirModel"], swiftSettings: strict),

    .testTarget(
      name: "WeirMatchTests", dependencies: ["WeirMatch", "WeirModel"], swiftSettings: strict),
    .testTarget(
      name: "WeirGateTests", dependencies: ["WeirGate", "WeirModel", "CPcap", "CCompression"],
      swiftSettings: strict),
    .testTarget(name: "WeirModelTests", dependencies: ["WeirModel"], swiftSettings: strict),
    .testTarget(
      name: "WeirFeedsTests", dependencies: ["WeirFeeds", "WeirModel"], swiftSettings: strict),
    .testTarget(
      name: "WeirEnforceTests", dependencies: ["WeirEnforce", "WeirModel"], swiftSettings: strict),
    .testTarget(
      name: "WeirDecodeTests", dependencies: ["WeirDecode", "WeirModel"], swiftSettings: strict),
    .testTarget(name: "WeirConfigTests", dependencies: ["WeirConfig"], swiftSettings: strict),
    .testTarget(
      name: "WeirShareTests",
      dependencies: ["WeirShare", "WeirTally", "WeirCrypto", "WeirModel"], swiftSettings: strict),
    .testTarget(
      name: "WeirFlowTests", dependencies: ["WeirFlow", "WeirDecode", "WeirModel"],
      swiftSettings: strict),
    .testTarget(
      name: "WeirRulesTests", dependencies: ["WeirRules", "WeirMatch", "WeirModel"],
      swiftSettings: strict),
    .testTarget(
      name: "WeirEngineTests",
      dependencies: [
        "WeirEngine", "WeirDecode", "WeirFlow", "WeirGate", "WeirRules", "WeirTally", "WeirModel",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReplayTests", dependencies: ["weir", "match-example"],
      exclude: ["CorpusDifferences.tsv", "Namespaces", "Sharing"],
      swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
)
