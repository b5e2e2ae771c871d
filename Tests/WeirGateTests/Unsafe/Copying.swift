/// The bytes as an array.
func copied(_ bytes: Span<UInt8>) -> [UInt8] {
  // The buffer is used within the closure only.
  unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
}
