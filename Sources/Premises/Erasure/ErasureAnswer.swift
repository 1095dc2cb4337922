package import Vocabulary

// What a request to erase is answered.
//
//     {"erased":1,"events":[42],"refused":{"0199...":"why"}}
//     {"state":"running"} | {"state":"done"} | {"state":"failed","trouble":"..."}

extension Erasing.Outcome {
    package var members: [String: JSON] {
        let refused = refused.map { ($0.key.text, JSON.string("\($0.value)")) }
        return [
            "erased": .integer(Int64(erased)), "events": .array(events.map(JSON.integer)),
            "refused": .object(Dictionary(uniqueKeysWithValues: refused)),
        ]
    }
}

extension Erasing.Progress {
    package var members: [String: JSON] {
        switch self {
        case .done: ["state": .string("done")]
        case .running: ["state": .string("running")]
        case .failed(let why): ["state": .string("failed"), "trouble": .string(why)]
        }
    }
}
