import FoundationEssentials
import Glibc
import WeirReport

/// Standard error and what is known of the terminal.
enum Console {
  /// Writes `weir: message`.
  static func complain(_ message: String) { write("weir: \(printable(message))\n") }

  /// Writes a line.
  static func note(_ message: String) { write("\(printable(message))\n") }

  /// Names of files and feeds are hostile input too: what would steer a terminal is written as `\x1b`.
  private static func printable(_ message: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in message.unicodeScalars {
      if scalar.properties.generalCategory != .control || scalar == "\n" {
        text.append(scalar)
      } else {
        let digits = String(scalar.value, radix: 16)
        text.append(contentsOf: "\\x\(digits.count == 1 ? "0" : "")\(digits)".unicodeScalars)
      }
    }
    return String(text)
  }

  /// Writes text as it is.
  ///
  /// Standard error that is gone leaves nobody to tell.
  static func write(_ text: String) {
    let file = FileHandleOfStandardError()
    file.write(Array(text.utf8))
  }

  /// Whether colors are wanted on standard output.
  static func isColored(_ choice: ColorChoice) -> Bool {
    switch choice {
    case .always: return true
    case .never: return false
    case .auto:
      let environment = ProcessInfo.processInfo.environment
      return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty
        && environment["TERM"] != "dumb"
    }
  }

  /// Whether a progress bar has somewhere to go.
  static var hasTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
