import Testing
import WeirModel

@testable import WeirFlow

/// The searches in C against their obvious twins.
@Suite struct FlowBucketTests {
  private static func ways(_ bucket: FlowBucket, with tag: UInt32) -> UInt32 {
    var found: UInt32 = 0
    for way in 0..<FlowBucket.ways where bucket.tags[way] == tag { found |= 1 << UInt32(way) }
    return found
  }

  private static func oldest(_ bucket: FlowBucket) -> Int {
    var best = 0
    for way in 0..<FlowBucket.ways where bucket.times[way] < bucket.times[best] { best = way }
    return best
  }

  @Test func searchesFindWhatASlowLoopFinds() {
    guard var buckets = FlowBuckets(count: 4, isDense: false) else {
      Issue.record("no memory for four buckets")
      return
    }
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Numbers(state: seed)
    let extremes: [UInt32] = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
    for round in 0..<20_000 {
      let index = round % 4
      var bucket = FlowBucket()
      // Few distinct values, so that tags and times meet, and those at which a signed comparison would turn.
      for way in 0..<FlowBucket.ways {
        bucket.tags[way] = extremes[Int(random.next() % 5)] &+ UInt32(random.next() % 2)
        bucket.times[way] = extremes[Int(random.next() % 5)] &+ UInt32(random.next() % 3)
      }
      buckets[index] = bucket
      let tag = extremes[Int(random.next() % 5)]
      #expect(
        buckets.ways(of: index, with: tag) == FlowBucketTests.ways(bucket, with: tag),
        "seed \(seed), round \(round)")
      #expect(
        buckets.oldest(of: index) == FlowBucketTests.oldest(bucket), "seed \(seed), round \(round)")
    }
  }

  @Test func noFlowHasTheTagOfAFreePlace() {
    #expect(FlowBucket.tag(0) != 0)
    #expect(FlowBucket.tag(0x0000_0000_ffff_ffff) != 0)
    #expect(FlowBucket.tag(0x0000_0007_0000_0000) == 7)
  }

  /// SplitMix64.
  private struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }
}
