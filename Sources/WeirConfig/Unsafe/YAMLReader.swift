import CYAML

/// Reads YAML 1.1 by libyaml.
///
/// Only what a configuration needs: sections, lists and texts. Aliases are refused, since a few of them can stand for more than fits
/// any memory.
public enum YAMLReader {
  /// The largest file.
  public static let bytesMax = 1 << 20
  private static let depthMax = 32

  /// The document that a text is; an empty section when it is empty.
  public static func read(_ text: [UInt8], path: String) throws(ConfigError) -> ConfigNode {
    guard text.count <= bytesMax else {
      throw ConfigError(path: path, line: 0, "larger than \(bytesMax) bytes")
    }
    var parser = unsafe yaml_parser_t()
    guard unsafe yaml_parser_initialize(&parser) != 0 else {
      throw ConfigError(path: path, line: 0, "there is no memory to read it")
    }
    defer { unsafe yaml_parser_delete(&parser) }
    var result: Result<ConfigNode, ConfigError> = .success(ConfigNode(.section([]), line: 1))
    // The text outlives the parser's use of it, which ends with the closure.
    unsafe text.withUnsafeBufferPointer { buffer in
      unsafe yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var document = unsafe yaml_document_t()
      guard unsafe yaml_parser_load(&parser, &document) != 0 else {
        result = .failure(unsafe fault(parser, path))
        return
      }
      defer { unsafe yaml_document_delete(&document) }
      guard unsafe yaml_document_get_root_node(&document) != nil else { return }
      var reader = unsafe DocumentReader(document: document, path: path)
      do throws(ConfigError) {
        result = .success(try reader.node(1, depth: 0))
      } catch { result = .failure(error) }
      if case .success = result, unsafe hasMore(&parser) {
        result = .failure(ConfigError(path: path, line: 0, "it holds more than one document"))
      }
    }
    return try result.get()
  }

  private static func hasMore(_ parser: inout yaml_parser_t) -> Bool {
    var next = unsafe yaml_document_t()
    guard unsafe yaml_parser_load(&parser, &next) != 0 else { return true }
    defer { unsafe yaml_document_delete(&next) }
    return unsafe yaml_document_get_root_node(&next) != nil
  }

  private static func fault(_ parser: yaml_parser_t, _ path: String) -> ConfigError {
    let words = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "not YAML"
    return ConfigError(path: path, line: unsafe Int(parser.problem_mark.line) + 1, words)
  }

  /// Takes the nodes of a document over; each may be used once, which an alias would not do.
  @safe private struct DocumentReader {
    var document: yaml_document_t
    let path: String
    var used: Set<Int32> = []

    mutating func node(_ number: Int32, depth: Int) throws(ConfigError) -> ConfigNode {
      // Numbers come from the document itself, so there is a node for each.
      guard let node = unsafe yaml_document_get_node(&document, number) else {
        throw ConfigError(path: path, line: 0, "a value is missing")
      }
      let line = unsafe Int(node.pointee.start_mark.line) + 1
      guard used.insert(number).inserted else {
        throw ConfigError(path: path, line: line, "aliases are not taken")
      }
      guard depth < depthMax else { throw ConfigError(path: path, line: line, "nested too deep") }
      switch unsafe node.pointee.type {
      case YAML_SCALAR_NODE: return try unsafe scalar(node, line)
      case YAML_SEQUENCE_NODE:
        var items: [ConfigNode] = []
        for index in 0..<(unsafe weir_yaml_item_count(node)) {
          items.append(try self.node(unsafe weir_yaml_item(node, index), depth: depth + 1))
        }
        return ConfigNode(.list(items), line: line)
      default:
        var entries: [ConfigNode.Entry] = []
        for index in 0..<(unsafe weir_yaml_pair_count(node)) {
          let key = try self.node(unsafe weir_yaml_key(node, index), depth: depth + 1)
          guard case .scalar(let name, _) = key.content else {
            throw ConfigError(path: path, line: key.line, "a name is expected here")
          }
          let value = try self.node(unsafe weir_yaml_value(node, index), depth: depth + 1)
          entries.append(ConfigNode.Entry(key: name, line: key.line, value: value))
        }
        return ConfigNode(.section(entries), line: line)
      }
    }

    private func scalar(
      _ node: UnsafeMutablePointer<yaml_node_t>, _ line: Int
    ) throws(ConfigError) -> ConfigNode {
      var length = 0
      // The value has the length that the same call tells.
      let start = unsafe weir_yaml_scalar(node, &length)
      let bytes = unsafe UnsafeBufferPointer(start: start, count: length)
      guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
        throw ConfigError(path: path, line: line, "not UTF-8")
      }
      return ConfigNode(.scalar(text, isPlain: unsafe weir_yaml_is_plain(node) != 0), line: line)
    }
  }
}
