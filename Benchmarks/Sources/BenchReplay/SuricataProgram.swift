import BenchCapture
import BenchKit
import FoundationEssentials

/// Suricata 7 looking addresses up in a reputation list, and doing nothing else.
///
/// Parsers are off, one thread does everything, and tables are large enough for all entries: with
/// the default `host.memcap` a list of a million is cut short without an error status.
public struct SuricataProgram: Sendable {
  private let path: String
  private let directory: String

  /// Suricata from `PATH`, with its files in `directory`.
  public static func find(directory: String) throws(Absent) -> SuricataProgram {
    guard let path = Command.find("suricata") else { throw Absent("not on PATH") }
    return SuricataProgram(path: path, directory: directory)
  }

  /// Nanoseconds a packet: the run over `replay` less a run over `single`, a capture of one packet
  /// with the same list, so that starting and loading do not count.
  func nanosecondsPerPacket(_ replay: ReplayCase, single: String) throws -> Double {
    guard let list = replay.feeds.first else { throw Absent("no list to look up in") }
    try prepare(list: list)
    let all = try seconds(replay.capture)
    let alerts = try SuricataProgram.alerts(inStatistics: statistics())
    guard alerts == Int(replay.truth.union.ip) else {
      throw Absent("wrong answer: \(alerts ?? 0) alerts instead of \(replay.truth.union.ip)")
    }
    let start = try seconds(single)
    return (all - start) / Double(replay.truth.packets) * 1e9
  }

  private func seconds(_ capture: String) throws -> Double {
    let words = [
      "-c", "\(directory)/suricata.yaml", "-S", "\(directory)/suricata.rules", "-r", capture,
      "-l", directory, "--runmode", "single", "-k", "none",
    ]
    let outcome = try Command(path, words).run()
    guard outcome.status == 0 else {
      throw ReplayError.failed(program: "suricata", status: outcome.status)
    }
    return outcome.wallSeconds
  }

  private func prepare(list: String) throws {
    let entries = String(
      decoding: try Data(contentsOf: URL(filePath: list)), as: UTF8.self)
    try write(SuricataProgram.reputation(entries), to: "reputation.list")
    try write("1,Listed,On the list\n", to: "categories.txt")
    try write(
      "alert ip any any -> any any (msg:\"listed\"; iprep:any,Listed,>,1; sid:1; rev:1;)\n",
      to: "suricata.rules")
    try write(SuricataProgram.configuration(directory), to: "suricata.yaml")
    try? FileManager.default.removeItem(atPath: "\(directory)/stats.log")
  }

  private func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)"))
  }

  private func statistics() throws -> String {
    String(
      decoding: try Data(contentsOf: URL(filePath: "\(directory)/stats.log")), as: UTF8.self)
  }

  /// One line an address: the address, the category, the score.
  static func reputation(_ entries: String) -> String {
    entries.split(separator: "\n").map { "\($0),1,100\n" }.joined()
  }

  /// The last `detect.alert` of a statistics log, whose lines are `name | thread | value`.
  static func alerts(inStatistics text: String) -> Int? {
    text.split(separator: "\n").last { $0.hasPrefix("detect.alert ") }
      .flatMap { $0.split(separator: "|").last }
      .flatMap { Int($0.filter(\.isNumber)) }
  }

  static func configuration(_ directory: String) -> String {
    let parsers = [
      "tls", "http", "http2", "ftp", "ssh", "smtp", "imap", "smb", "nfs", "tftp", "krb5", "snmp",
      "ike", "sip", "rdp", "rfb", "mqtt", "ntp", "quic", "dhcp", "dcerpc", "dnp3", "enip",
      "modbus", "pgsql", "telnet", "bittorrent-dht",
    ].map { "    \($0): {enabled: no}" }.joined(separator: "\n")
    return """
      %YAML 1.1
      ---
      vars:
        address-groups: {HOME_NET: "any", EXTERNAL_NET: "any"}
      default-log-dir: \(directory)
      reputation-categories-file: \(directory)/categories.txt
      default-reputation-path: \(directory)
      reputation-files: [reputation.list]
      host: {hash-size: 1048576, prealloc: 1000, memcap: 4gb}
      flow: {hash-size: 1048576, prealloc: 100000, memcap: 4gb}
      stats: {enabled: yes, interval: 3600}
      outputs:
        - stats: {enabled: yes, filename: stats.log, append: no, totals: yes, threads: no}
      logging: {default-log-level: error, outputs: [{console: {enabled: yes}}]}
      pcap-file: {checksum-checks: no}
      stream: {memcap: 64mb, checksum-validation: no, reassembly: {memcap: 64mb}}
      app-layer:
        protocols:
      \(parsers)
          dns: {tcp: {enabled: no}, udp: {enabled: no}}
      classification-file: /dev/null
      reference-config-file: /dev/null

      """
  }
}
