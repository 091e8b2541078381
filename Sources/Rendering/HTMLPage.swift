import Mustache

/// The frame of a page, filled in by Mustache (which escapes what stands in double braces).
struct HTMLPage {
  var title: String
  var kicker: String
  var facts: [String]
  /// What the page was computed from; shown at its foot.
  var comment: String
  var style: String
  var body: String
  /// Seconds after which the page is read again.
  var reloadsEvery: Int?

  private static let skeleton = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
    'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="dept">
    {{#reload}}
    <meta http-equiv="refresh" content="{{.}}">
    {{/reload}}
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <main>
    <header>
    {{#kicker}}
    <p class="kicker">{{.}}</p>
    {{/kicker}}
    <h1>{{title}}</h1>
    {{#hasFacts}}
    <ul class="facts">
    {{#facts}}
    <li>{{.}}</li>
    {{/facts}}
    </ul>
    {{/hasFacts}}
    </header>
    {{{body}}}
    </main>
    <footer>{{comment}}</footer>
    </body>
    </html>

    """

  var text: String {
    let values: [String: Any] = [
      "title": Self.clean(title), "kicker": kicker.isEmpty ? [] : [Self.clean(kicker)],
      "hasFacts": !facts.isEmpty, "facts": facts.map(Self.clean), "comment": Self.clean(comment),
      "style": style, "body": body, "reload": reloadsEvery.map { ["\($0)"] } ?? [],
    ]
    guard let template = try? MustacheTemplate(string: Self.skeleton) else { return body }
    return template.render(values)
  }

  /// Without the control characters that HTML may not hold.
  private static func clean(_ text: String) -> String { Escaping.terminal(text) }
}
