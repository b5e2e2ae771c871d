import WeirEngine
import WeirModel

extension EventWriter {
  /// The lines of JSON for what was sighted in lines of a log, one for each sighting.
  ///
  /// - Parameters:
  ///   - path: the log's.
  ///   - lines: those that the sightings name by their place.
  public mutating func lines(
    for sightings: Sightings, in lines: [MatchedLine], of path: String, _ arena: Span<UInt8>
  ) -> [UInt8] {
    text.clear()
    sightings.forEach { sighting, name in
      let line = lines[sighting.slot]
      text.beginObject()
      var time: [UInt8] = []
      line.time.appendText(to: &time)
      time.append(contentsOf: "+0000".utf8)
      text.add("timestamp", bytes: time)
      text.add("event_type", "alert")
      append("src_ip", line.source, arena)
      append("dest_ip", line.destination, arena)
      appendName(sighting.place, name)
      appendAlert(sighting)
      text.beginObject("log")
      text.add("path", path)
      text.add("line", line.number)
      text.endObject()
      appendWeir(sighting)
      text.endObject()
      text.endLine()
    }
    return text.bytes
  }

  /// The address that a field is; nothing when it is none.
  private mutating func append(_ key: StaticString, _ field: Range<Int>?, _ arena: Span<UInt8>) {
    guard let field, let address = IPAddress(parsing: arena.extracting(field)) else { return }
    text.add(key, address.description)
  }
}
