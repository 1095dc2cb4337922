internal import ArgumentParser

/// What `make bench` measures inside one process. Not installed: no agency needs it.
@main
struct WaybillBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waybill-bench", abstract: "Measures parts of Waybill by themselves, for Bench/bench.py.",
        subcommands: [BenchLedger.self, BenchCorpus.self])
}

/// The bench cannot say a figure that means something.
struct BenchTrouble: Error, CustomStringConvertible {
    let description: String
}
