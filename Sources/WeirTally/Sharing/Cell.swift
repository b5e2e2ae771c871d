/// The number of a cell: its place in the key set that was fixed when the window was opened.
public typealias CellNumber = UInt32
