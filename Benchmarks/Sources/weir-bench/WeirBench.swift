@main
struct WeirBench { static func main() {} }
