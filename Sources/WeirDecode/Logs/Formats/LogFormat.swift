/// The formats of logs whose fields are understood.
public enum LogFormat: String, CaseIterable, Sendable {
  /// No format: values are found anywhere, all at `log`.
  case text
  /// nginx and Apache, common and combined, also with a virtual host in front.
  case access
  /// Lines of JSON: Suricata EVE, Zeek, Caddy, nginx, journald, or any with known names.
  case json
  /// Zeek's tab-separated values.
  case zeek
  /// Comma, semicolon or tab between values, with names in the first line.
  case csv
  /// Names and values with `=` between them: the kernel's packet filter, CEF, LEEF, logfmt.
  case keyvalue
  /// syslog of RFC 3164 or 5424, read by the program that wrote the line.
  case syslog
  /// Queries of dnsmasq and Pi-hole.
  case dnsmasq
  /// Queries of unbound.
  case unbound
  /// Queries of BIND.
  case bind
  /// Queries of PowerDNS.
  case powerdns
  /// HAProxy, TCP and HTTP.
  case haproxy
  /// Squid's native format.
  case squid
}
