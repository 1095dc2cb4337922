import Doors
import Testing

/// Millions of executions are `make fuzz`; here every input that was ever worth keeping, what the writers of today make, and
/// some mutations of both, the same ones each time.
@Suite struct DoorTests {
    @Test("every door has its share of a campaign")
    func shares() {
        #expect(Door.all.map(\.share).reduce(0, +) == 1000)
        #expect(Set(Door.all.map(\.name)).count == Door.all.count)
    }

    @Test("nothing in the corpus breaks a door", .timeLimit(.minutes(5)), arguments: Door.all)
    func corpus(_ door: Door) throws {
        let inputs = try Corpus.inputs(of: door)
        #expect(!inputs.isEmpty)
        for (name, bytes) in inputs {
            #expect(throws: Never.self, "\(door.name)/\(name)") { try door.enter(bytes) }
        }
    }

    @Test("some of the corpus comes in: a door that refuses everything shows nothing", arguments: Door.all)
    func some(_ door: Door) throws {
        #expect(try Corpus.inputs(of: door).contains { try door.enter($0.bytes) })
    }

    @Test("what our own writers make comes in")
    func seeds() throws {
        // Keys of this process open what it has sealed, which is what that door promises never to see.
        for (name, inputs) in try Seeds.make() where name != "sealed" && name != "names" {
            let door = try #require(Door.all.first { $0.name == name })
            for (place, input) in inputs.enumerated() { #expect(try door.enter(input), "\(name) \(place)") }
        }
    }

    @Test("ten thousand mutations break no door", .timeLimit(.minutes(5)), arguments: Door.all)
    func mutations(_ door: Door) throws {
        let inputs = try Corpus.inputs(of: door).map(\.bytes)
        var mutator = Mutator(seed: 10, others: inputs, longest: door.longest)
        for _ in 0..<(10 * door.share) {
            let input = mutator.mutated(inputs[mutator.below(inputs.count)])
            do { try door.enter(input) } catch {
                Issue.record("\(door.name): \(error): \(input.prefix(4096))")
                return
            }
        }
    }
}

extension Door: CustomTestStringConvertible {
    public var testDescription: String { name }
}
