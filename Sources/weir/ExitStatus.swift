/// The exit statuses of the contract: those of sysexits.h, and grep's for a question answered with no.
enum ExitStatus: Int32, Error {
  case done = 0
  case answeredNo = 1
  case usage = 2
  case damagedInput = 65
  case missingInput = 66
  case unavailable = 69
  case internalError = 70
  case cannotCreate = 73
  case readOrWriteError = 74
  case tryLater = 75
  case notPermitted = 77
  case configuration = 78
}

/// Why a command cannot go on, for people.
struct Failure: Error {
  var status: ExitStatus
  /// What is wrong, without the program's name.
  var message: String
  /// What may help.
  var advice: String?

  init(_ status: ExitStatus, _ message: String, advice: String? = nil) {
    self.status = status
    self.message = message
    self.advice = advice
  }
}
