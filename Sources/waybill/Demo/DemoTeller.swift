/// Tells the story: what happens, and when.
struct DemoTeller {
    private let began = ContinuousClock.now

    var elapsed: Duration { ContinuousClock.now - began }

    func title(_ text: String) {
        Terminal.say("\n" + Terminal.paint(text, .bold))
    }

    /// With the time since the beginning in front.
    func tell(_ text: String) {
        let lines = Self.wrapped(text, width: 92)
        for (i, line) in lines.enumerated() {
            let time = i == 0 ? Self.seconds(elapsed).leftPadded(to: 8) : String(repeating: " ", count: 8)
            Terminal.say(Terminal.paint(time, .dim) + "  " + line)
        }
    }

    func command(_ text: String) { Terminal.say("          " + Terminal.paint("$ " + text, .bold)) }

    func show(_ text: String, from first: Int = 0, atMost most: Int = 60) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let end = lines.lastIndex { !$0.isEmpty } ?? 0
        for line in lines.prefix(end + 1).dropFirst(first).prefix(most) {
            Terminal.say("          | " + Terminal.clean(line))
        }
    }

    static func seconds(_ duration: Duration) -> String {
        let hundredths = duration / .milliseconds(10)
        let whole = Int(hundredths)
        return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100) s"
    }

    static func milliseconds(_ duration: Duration) -> String { "\(Int((duration / .milliseconds(1)).rounded())) ms" }

    static func wrapped(_ text: String, width: Int) -> [String] {
        text.split(separator: " ").reduce(into: [""]) { lines, word in
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + word.count < width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
    }
}
