/// Extensions of files that are met in logs.
enum FileExtensions {
  /// What an extension is as a top-level domain.
  enum Use: Equatable { case none, fileOnly, both }

  /// What the extension is whose bytes in lower case, the first one lowest, make up `packed`.
  @inline(__always) static func use(_ packed: UInt64) -> Use {
    // One word tells many labels apart from all of these.
    guard filter >> place(packed) & 1 != 0 else { return .none }
    return search(packed)
  }

  @inline(never) private static func search(_ packed: UInt64) -> Use {
    if contains(filesOnly, packed) { return .fileOnly }
    return contains(both, packed) ? .both : .none
  }

  @inline(__always) private static func place(_ packed: UInt64) -> UInt64 {
    (packed &* 0x9e37_79b9_7f4a_7c15) >> 58
  }

  private static func contains(_ sorted: [UInt64], _ packed: UInt64) -> Bool {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < packed { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low] == packed
  }

  private static func packed(_ list: String) -> [UInt64] {
    list.split(separator: " ").map { word in
      word.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }.sorted()
  }

  /// No top-level domains, none of them.
  private static let filesOnly = packed(
    """
    apk asp aspx avi bak bat bin bmp cert cfg cfm cgi class cmd conf cpp crt csr css csv dat db deb dll \
    doc docx eot exe gif gz hpp htm html ico img inc ini iso jar java jpeg jpg js json jsp jspx key \
    lib lock log lua mpeg msi ogg otf out pcap pdf pem pfx php png ppt pptx psd pub pyc rar raw rpm \
    rss rtf scss sock sql sqlite svg swf swp sys tar tgz tif tiff tmp toml ttf txt vbs wav webp \
    woff woff2 xls xlsx xml xsl xz yaml yml
    """)

  /// Top-level domains too.
  private static let both = packed(
    "ai app bz cab cat do md mov ms nu pl pm ps py rs sh so st zip")

  private static let filter: UInt64 = (filesOnly + both).reduce(0) {
    $0 | 1 << place($1)
  }
}
