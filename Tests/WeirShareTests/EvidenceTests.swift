import Testing
import WeirCrypto
import WeirShare

@Suite struct EvidenceTests {
  @Test func canonicalTextComesBackTheSame() throws {
    let value: CanonicalJSON = ["b": [1, -2, "a\"\\"], "a": ["x": "y"], "": 0]
    #expect(
      String(decoding: value.bytes, as: UTF8.self) == #"{"":0,"a":{"x":"y"},"b":[1,-2,"a\"\\"]}"#)
    #expect(try CanonicalJSON(canonical: value.bytes) == value)
  }

  @Test(arguments: [
    "", " 1", "1 ", "01", "-0", "1.0", "1e3", "null", "true", "\"é\"", "\"\\n\"", "\"\\/\"",
    "\"\\u0041\"",
    "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}", "{\"a\":1,}", "[1,]", "[1 ,2]", "{\"a\" :1}", "\"",
    "{", "[",
    "9007199254740992", "99999999999999999999", "-", "[[[[[[[[[[[[[[[[[0]]]]]]]]]]]]]]]]]",
    "\u{FEFF}1",
  ])
  func everyOtherSpellingIsRefused(text: String) {
    #expect(throws: CanonicalFault.self) { try CanonicalJSON(canonical: Array(text.utf8)) }
  }

  @Test func proofsOfAllSmallTreesHoldAndNoOthers() {
    let leaves = (0..<40).map { MerkleTree.leaf([UInt8($0)]) }
    for size in 1...40 {
      let tree = MerkleTree(leaves: leaves.prefix(size))
      let root = tree.root()
      #expect(root == naiveRoot(Array(leaves.prefix(size))))
      for index in 0..<size {
        let path = tree.inclusionPath(of: index)
        func holds(_ leaf: Int, _ at: Int, _ path: [Hash]) -> Bool {
          MerkleProof.includes(leaf: leaves[leaf], at: at, size: size, root: root, path: path)
        }
        #expect(holds(index, index, path))
        #expect(!holds((index + 1) % 40, index, path))
        #expect(size == 1 || !holds(index, (index + 1) % size, path))
        #expect(!holds(index, index, path + [root]))
        #expect(path.isEmpty || !holds(index, index, Array(path.dropLast())))
      }
      for earlier in 1...size {
        let path = tree.consistencyPath(from: earlier)
        let old = (size: earlier, root: tree.root(size: earlier))
        #expect(MerkleProof.isPrefix(old, of: (size, root), path: path))
        #expect(!MerkleProof.isPrefix((earlier, leaves[39]), of: (size, root), path: path))
        #expect(
          !MerkleProof.isPrefix(old, of: (size, leaves[39]), path: path) || size == 40 && false)
        #expect(!MerkleProof.isPrefix(old, of: (size, root), path: path + [root]))
      }
    }
  }

  /// Section 2.1.1 of RFC 9162, as it is written.
  private func naiveRoot(_ leaves: [Hash]) -> Hash {
    guard leaves.count > 1 else { return leaves[0] }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return SHA256.digest(
      [1] + naiveRoot(Array(leaves[..<split])) + naiveRoot(Array(leaves[split...])))
  }

  @Test func keysSignAndComeBackFromTheirFile() throws {
    // RFC 8037, appendix A.
    let seed = try #require(Base64.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", .url))
    guard let key = SigningKey(seed: seed) else { throw EntropyError() }
    #expect(key.publicKey.x == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    #expect(key.publicKey.identifier == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
    guard let again = SigningKey(pem: key.pem()) else { throw EntropyError() }
    #expect(again.publicKey == key.publicKey)
    #expect(PublicKey(jwk: key.publicKey.jwk) == key.publicKey)

    let payload = Array("what was said\n".utf8)
    let text = DetachedSignature.make(payload, key: key)
    #expect(DetachedSignature.verifies(text, payload: payload, key: key.publicKey))
    for index in text.indices {
      var mutant = text
      mutant[index] ^= 1
      #expect(!DetachedSignature.verifies(mutant, payload: payload, key: key.publicKey))
    }
    let head = Checkpoint(origin: "weir.example/ledger/x", size: 7, root: SHA256.digest([]))
    let signed = head.signed(by: key)
    #expect(Checkpoint(signed, key: key.publicKey) == head)
    for index in signed.indices {
      for bit in [1, 0x20, 0x80] as [UInt8] {
        var mutant = signed
        mutant[index] ^= bit
        #expect(Checkpoint(mutant, key: key.publicKey) == nil, "byte \(index)")
      }
    }
  }

  @Test func namespaceIsTheOneThatTheFormatNames() {
    #expect(Namespace.weir.description == "12578283-ad7a-5a9b-b853-9888deee2ad3")
  }

  @Test(arguments: ["2026-11-23T02:00:00Z", "2028-02-29T23:59:59Z", "2000-01-01T00:00:00Z"])
  func timesComeBackTheSame(text: String) {
    #expect(UTCTime(text)?.description == text)
  }

  @Test(arguments: [
    "2026-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23 02:00:00Z", "2026-1-23T02:00:00ZZ",
    "1999-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "+026-11-23T02:00:00Z", "2026-11-23T02:00:60Z",
  ])
  func otherTimesAreNone(text: String) {
    #expect(UTCTime(text) == nil)
  }
}
