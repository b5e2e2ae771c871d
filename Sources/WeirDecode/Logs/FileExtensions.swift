/// Extensions of files that are met in logs.
enum FileExtensions {
  /// What an extension is as a top-level domain.
  enum Use: UInt8 { case none, fileOnly, both }

  /// What the extension is that stands at a place in a text, in any case.
  @inline(__always) static func use(_ text: Span<UInt8>, _ label: Range<Int>) -> Use {
    Use(rawValue: table.value(text, label)) ?? .none
  }

  private static let table = WordTable([
    (
      Use.fileOnly.rawValue,
      """
      apk asp aspx avi bak bat bin bmp cert cfg cfm cgi class cmd conf cpp crt csr css csv dat db \
      deb dll doc docx eot exe gif gz hpp htm html ico img inc ini iso jar java jpeg jpg js json \
      jsp jspx key lib lock log lua mpeg msi ogg otf out pcap pdf pem pfx php png ppt pptx psd \
      pub pyc rar raw rpm rss rtf scss sock sql sqlite svg swf swp sys tar tgz tif tiff tmp toml \
      ttf txt vbs wav webp woff xls xlsx xml xsl xz yaml yml
      """
    ),
    (
      Use.both.rawValue,
      "ai app bz cab cat do md mov ms nu pl pm ps py rs sh so st zip"
    ),
  ])
}
