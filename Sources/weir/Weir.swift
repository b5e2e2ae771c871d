import ArgumentParser

/// The program: finds the command, runs it, and turns whatever it throws into a sentence and an exit status.
@main
struct Weir: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "weir",
    abstract: "Says which packets carry indicators of threats, would block them, and counts.",
    discussion: """
      Exit status: 0 done; 1 the answer is no (or replay --fail-on-match matched); 2 usage; \
      65 damaged input; 66 missing input; 69 unavailable; 70 internal error; 73 cannot create \
      output; 74 read or write error; 75 try again later; 77 not permitted; 78 configuration or feed error.
      """,
    version: "weir \(version)",
    subcommands: [
      ReplayCommand.self, RunCommand.self, ScanCommand.self, CompileCommand.self, WhyCommand.self,
      FeedCommand.self,
      ApplyCommand.self, VerifyCommand.self, MergeCommand.self, ShareCommand.self,
      AuditCommand.self,
    ])

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      Console.complain(failure.message)
      if let advice = failure.advice { Console.note(advice) }
      exit(with: failure.status)
    } catch let status as ExitStatus {
      exit(with: status)
    } catch {
      let isUsageError = exitCode(for: error) == .validationFailure
      guard isUsageError else { exit(withError: error) }
      Console.complain(message(for: error))
      Console.note(usageString(for: error))
      exit(with: .usage)
    }
  }

  private static func usageString(for error: any Error) -> String {
    fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: true)
      .drop { !$0.hasPrefix("Usage:") }.joined(separator: "\n")
  }

  private static func exit(with status: ExitStatus) -> Never {
    exit(withError: ExitCode(status.rawValue))
  }
}
