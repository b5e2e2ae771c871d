/// Gives distinct values small numbers in the order of their first appearance.
struct Interner<Value: Hashable> {
  private(set) var values: [Value] = []
  private var numbers: [Value: UInt32] = [:]
  private var last: (value: Value, number: UInt32)?

  mutating func number(of value: Value) -> UInt32 {
    // Lines of one feed mostly share their membership.
    if let last, last.value == value { return last.number }
    let number = numbers[value] ?? UInt32(values.count)
    if number == values.count {
      values.append(value)
      numbers[value] = number
    }
    last = (value, number)
    return number
  }
}
