/// The numbers of linux/netfilter/nf_tables.h and nfnetlink.h that Weir uses.
enum NftABI {
  /// NFPROTO_INET: both families of IP.
  static let inet: UInt8 = 1
  /// NFNL_SUBSYS_NFTABLES.
  static let subsystem: UInt16 = 10

  /// What is asked of nftables: NFT_MSG_*, and the two ends of a transaction.
  enum Message {
    static let batchBegin: UInt16 = 0x10
    static let batchEnd: UInt16 = 0x11
    static let newTable = of(0)
    static let deleteTable = of(2)
    static let newChain = of(3)
    static let newRule = of(6)
    static let getRule = of(7)
    static let deleteRule = of(8)
    static let newSet = of(9)
    static let getSet = of(10)
    static let deleteSet = of(11)
    static let newElements = of(12)
    static let getElements = of(13)
    static let deleteElements = of(14)

    private static func of(_ number: UInt16) -> UInt16 { NftABI.subsystem << 8 | number }
  }

  /// NLM_F_*.
  enum Flag {
    static let request: UInt16 = 1
    static let acknowledge: UInt16 = 4
    static let dump: UInt16 = 0x300
    static let create: UInt16 = 0x400
    static let append: UInt16 = 0x800
  }

  /// NFTA_TABLE_*, NFTA_CHAIN_*, NFTA_HOOK_*.
  enum Table {
    static let name: UInt16 = 1
  }
  enum Chain {
    static let table: UInt16 = 1
    static let name: UInt16 = 3
    static let hook: UInt16 = 4
    static let policy: UInt16 = 5
    static let type: UInt16 = 7
    static let hookNumber: UInt16 = 1
    static let hookPriority: UInt16 = 2
  }

  /// NFTA_RULE_*.
  enum Rule {
    static let table: UInt16 = 1
    static let chain: UInt16 = 2
    static let expressions: UInt16 = 4
  }

  /// NFTA_SET_* and NFT_SET_*.
  enum Set {
    static let table: UInt16 = 1
    static let name: UInt16 = 2
    static let flags: UInt16 = 3
    static let keyType: UInt16 = 4
    static let keyLength: UInt16 = 5
    static let description: UInt16 = 9
    static let descriptionSize: UInt16 = 1
    static let id: UInt16 = 10
    static let expression: UInt16 = 17
    static let isInterval: UInt32 = 4
    static let hasTimeout: UInt32 = 0x10
  }

  /// NFTA_SET_ELEM_LIST_*, NFTA_SET_ELEM_* and NFT_SET_ELEM_*.
  enum Element {
    static let table: UInt16 = 1
    static let set: UInt16 = 2
    static let list: UInt16 = 3
    static let key: UInt16 = 1
    static let flags: UInt16 = 3
    static let timeout: UInt16 = 4
    static let isIntervalEnd: UInt32 = 1
  }

  /// NFTA_LIST_ELEM, NFTA_EXPR_*, NFTA_DATA_* and the attributes of the expressions.
  enum Expression {
    static let listElement: UInt16 = 1
    static let name: UInt16 = 1
    static let data: UInt16 = 2
    static let dataValue: UInt16 = 1
    static let dataVerdict: UInt16 = 2
    static let verdictCode: UInt16 = 1
    static let verdictChain: UInt16 = 2
    static let counterBytes: UInt16 = 1
    static let counterPackets: UInt16 = 2
    static let lookupSet: UInt16 = 1
  }

  /// The names that `nft list` shows for keys: types of its own, which the kernel only keeps.
  enum KeyType {
    static let ipv4: UInt32 = 7
    static let ipv6: UInt32 = 8
    static let transport: UInt32 = 12
    static let port: UInt32 = 13

    /// Several one behind the other: six bits for each.
    static func concatenation(_ types: [UInt32]) -> UInt32 { types.reduce(0) { $0 << 6 | $1 } }
  }
}
