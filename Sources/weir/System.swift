import FoundationEssentials
import Glibc
import WeirGate

/// What the machine has.
enum Processors {
  /// How many processors are online, at least 1.
  static var count: Int { max(1, min(64, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))) }
}

extension PacketFilter {
  /// The filter of trailing words or of a file; nil when there is neither.
  init?(words: [String], file: String?) throws {
    var expression = words.joined(separator: " ")
    if let file {
      guard words.isEmpty else {
        throw Failure(.usage, "a filter is given twice: in words and by --bpf-file")
      }
      guard let data = try? Data(contentsOf: URL(filePath: file)) else {
        throw Failure(.missingInput, "\(file): the filter cannot be read")
      }
      expression = String(decoding: data, as: UTF8.self)
    }
    guard !expression.isEmpty else { return nil }
    do throws(PacketFilterError) {
      try self.init(expression: expression)
    } catch {
      throw Failure(.usage, "the filter \"\(expression)\" is not understood: \(error.message)")
    }
  }
}
