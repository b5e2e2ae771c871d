import BenchCapture
import BenchKit
import Glibc

/// Writes a capture, its lists and its truth.
@main
struct MakeCapture {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.contains("--help") || arguments.contains("-h") {
      print(CaptureOptions.usage)
      return
    }
    do {
      let options = try CaptureOptions(arguments: arguments)
      let truth = try CaptureGenerator.run(options)
      print("\(options.output): \(truth.packets) packets, \(truth.bytes) bytes")
      print("with a hit: \(truth.union.any) packets")
    } catch CaptureError.usage(let reason) {
      StandardError.write("weir-make-capture: \(reason)\n\(CaptureOptions.usage)")
      exit(2)
    } catch {
      StandardError.write("weir-make-capture: \(error)")
      exit(74)
    }
  }
}
