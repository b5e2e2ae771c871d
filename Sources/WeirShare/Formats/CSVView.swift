/// The cells as a table (RFC 4180, with line feeds): no field can begin with what a spreadsheet takes for a formula, and none needs quotes,
/// because the format's own characters allow neither.
enum CSVView {
  private static let columns = """
    release_id,stream,window_start,window_end,region,feed,ref,indicator_type,indicator,category,direction,victims,\
    interval95,threshold,tlp
    """

  static func make(_ content: DisclosureContent) -> [UInt8] {
    var text = columns + "\n"
    for cell in content.cells {
      let fields = [
        content.release, content.stream, content.start, content.end, cell.region, cell.feed,
        cell.reference, cell.indicator.type.rawValue, cell.indicator.value, cell.category,
        cell.direction, String(cell.victims), String(content.interval), String(content.threshold),
        content.tlp,
      ]
      text += fields.joined(separator: ",") + "\n"
    }
    return Array(text.utf8)
  }
}
