/// JSON for other people's programs: members in the order given, indented, ASCII.
indirect enum ViewJSON {
  case object([(String, ViewJSON)])
  case list([ViewJSON])
  case text(String)
  case number(Int64)
  case flag(Bool)

  /// The text with a final line feed.
  var bytes: [UInt8] {
    var text = ""
    append(to: &text, indent: "")
    return Array((text + "\n").utf8)
  }

  private func append(to text: inout String, indent: String) {
    switch self {
    case .number(let value): text += String(value)
    case .flag(let value): text += value ? "true" : "false"
    case .text(let value):
      text += "\""
      // Disclosures hold printable ASCII only.
      for character in value {
        if character == "\"" || character == "\\" { text += "\\" }
        text.append(character)
      }
      text += "\""
    case .list(let values):
      append(values.map { ("", $0) }, "[", "]", to: &text, indent: indent)
    case .object(let members): append(members, "{", "}", to: &text, indent: indent)
    }
  }

  private func append(
    _ members: [(String, ViewJSON)], _ open: String, _ close: String, to text: inout String,
    indent: String
  ) {
    if members.isEmpty { return text += open + close }
    text += open + "\n"
    for (index, member) in members.enumerated() {
      text += indent + "  "
      if open == "{" { text += "\"\(member.0)\": " }
      member.1.append(to: &text, indent: indent + "  ")
      text += index + 1 < members.count ? ",\n" : "\n"
    }
    text += indent + close
  }
}
