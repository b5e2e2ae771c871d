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
      action apk ashx asmx asp aspx avi axd bak bat bin bmp bundle cer cert cfg cfm cgi class cmd conf cpp crt csr css csv dat db \
      deb dll doc docx dylib egg eot exe framework gif gz hpp htm html ico img inc ini iso jar java jhtml jks jpeg jpg js json \
      jsp jspx key lib list lock lzma log lua mpeg msi nsf ogg otf out pcap pcapng pdf pem pfx php plist png ppt pptx properties psd \
      pub pyc rar raw rpm rss rtf rules scss service shtml sock socket sql sqlite svg swf swp sys tar target tgz tif tiff tmp toml \
      ttf txt url vbs war wav webp woff xhtml xls xlsx xml xsl xz yaml yml
      """
    ),
    (
      Use.both.rawValue,
      "ai app bz cab cat do md mov ms nu pl pm ps py rs sh so st zip"
    ),
  ])
}
