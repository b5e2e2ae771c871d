import WeirCrypto

/// The head of a database file: 128 bytes, little-endian, before the image.
///
/// Behind the image come the paths of the feeds, which are no part of the content hash. The last bytes of the head
/// are a digest of the head and the paths, so that damage there is seen at every opening; the digest of the image
/// is compared only when asked for, because that means reading all of it.
struct DatabaseHeader: Equatable {
  /// Begins every database; the line ends show when a file went through a conversion of texts.
  static let magic: [UInt8] = [0x89, 0x57, 0x45, 0x49, 0x52, 0x0d, 0x0a, 0x1a]
  /// The version that is written, and the only one that is read.
  static let version: UInt32 = 3
  static let byteCount = 128
  /// What the check covers of the head.
  static let checkedByteCount = 96
  /// The most bytes of paths.
  static let pathsByteCountMax = 1 << 28

  var imageByteCount: Int
  var imageDigest: [UInt8]
  var pathsByteCount: Int

  /// The length of the whole file.
  var fileByteCount: Int { DatabaseHeader.byteCount + imageByteCount + pathsByteCount }

  /// The head of a file with these paths.
  func bytes(paths: [UInt8]) -> [UInt8] {
    var fields = FieldWriter()
    for byte in DatabaseHeader.magic { fields.append(byte) }
    fields.append(DatabaseHeader.version)
    fields.append(UInt32(DatabaseHeader.byteCount))
    fields.append(UInt64(imageByteCount))
    fields.append(UInt64(pathsByteCount))
    for byte in imageDigest { fields.append(byte) }
    while fields.bytes.count < DatabaseHeader.checkedByteCount { fields.append(UInt8(0)) }
    return fields.bytes + DatabaseHeader.check(fields.bytes, paths)
  }

  /// Reads the head of a file.
  init(_ bytes: [UInt8], fileByteCount: Int) throws(DatabaseError) {
    guard bytes.starts(with: DatabaseHeader.magic.prefix(bytes.count)), !bytes.isEmpty else {
      throw .foreign
    }
    guard bytes.count >= 12 else { throw .truncated(expected: nil, found: fileByteCount) }
    var fields = FieldReader(Array(bytes[8...]))
    guard let version = fields.number(UInt32.self) else { throw .foreign }
    guard version <= DatabaseHeader.version else { throw .newer(version: version) }
    guard version == DatabaseHeader.version else { throw .older(version: version) }
    guard bytes.count >= DatabaseHeader.byteCount, let head = fields.number(UInt32.self),
      let image = fields.number(UInt64.self), let paths = fields.number(UInt64.self)
    else { throw .truncated(expected: nil, found: fileByteCount) }
    guard head == DatabaseHeader.byteCount, image > 0, image < 1 << 46,
      paths <= DatabaseHeader.pathsByteCountMax
    else { throw .damaged("the lengths in its head make no sense") }
    imageByteCount = Int(image)
    pathsByteCount = Int(paths)
    imageDigest = Array(bytes[32..<64])
    guard fileByteCount >= self.fileByteCount else {
      throw .truncated(expected: self.fileByteCount, found: fileByteCount)
    }
    guard fileByteCount == self.fileByteCount else {
      throw .damaged("it is \(fileByteCount - self.fileByteCount) bytes too long")
    }
  }

  init(imageByteCount: Int, imageDigest: [UInt8], pathsByteCount: Int) {
    self.imageByteCount = imageByteCount
    self.imageDigest = imageDigest
    self.pathsByteCount = pathsByteCount
  }

  /// The digest of the head and the paths.
  static func check(_ head: [UInt8], _ paths: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(head.span)
    hash.update(paths.span)
    return hash.finish()
  }
}
