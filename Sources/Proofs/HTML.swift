/// Writes HTML of which nothing can be active: five characters are escaped, and no attribute is ever made of data.
enum HTML {
    static func escaped(_ text: String) -> String {
        var safe = ""
        for scalar in ProofFacts.oneLine(text).unicodeScalars {
            switch scalar {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            // Signs that turn the direction of writing would let a name dress up as another.
            case "\u{80}"..."\u{9f}", "\u{61c}", "\u{200e}", "\u{200f}", "\u{202a}"..."\u{202e}",
                "\u{2066}"..."\u{2069}", "\u{feff}":
                safe += "?"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    /// At most so many characters; the whole text stands in the statement.
    static func short(_ text: String, _ most: Int) -> String {
        text.count <= most ? text : text.prefix(most) + "… (whole in waybill.p7s)"
    }

    static func rows(_ rows: [(String, String)]) -> String {
        rows.map { "<tr><th>\(escaped($0.0))</th><td>\(escaped($0.1))</td></tr>\n" }.joined()
    }

    static func items(_ items: [String]) -> String { items.map { "<li>\(escaped($0))</li>\n" }.joined() }

    /// A whole page: no script, nothing from elsewhere, and a policy that says so to the browser.
    static func page(title: String, style: String = "", _ body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en-GB">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(escaped(title))</title>
        <style>
        @page { size: A4; margin: 14mm }
        body { font: 9.5pt/1.3 "DejaVu Sans", Arial, sans-serif; max-width: 182mm; margin: auto; color: #000 }
        h1 { font-size: 14pt; margin: 0 0 2mm } h2 { font-size: 10.5pt; margin: 3mm 0 1mm }
        p, ul, pre { margin: 0 0 1mm } ul { padding-left: 5mm }
        table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
        th, td { text-align: left; vertical-align: top; padding: .4mm 2mm .4mm 0; overflow-wrap: anywhere }
        th { width: 27mm; font-weight: 600 } td, code, pre { overflow-wrap: anywhere }
        code, pre { font: 8pt "DejaVu Sans Mono", monospace; white-space: pre-wrap }
        \(style)</style>
        </head>
        <body>
        \(body)</body>
        </html>

        """
    }
}
