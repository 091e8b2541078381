/// The style sheet of a page: light and dark by the reader's preference, always light on paper.
enum HTMLStyle {
  static let text = [colours, page, tables, figures, marks, paper].joined(separator: "\n")

  /// The style sheet of an SVG file.
  static let chart = [colours, ".ground{fill:var(--sheet)}", marks].joined(separator: "\n")

  /// The lines that say how cells stand, on pages that have some.
  static let states = """
    .state{font:.8rem/1.4 Inter,"Source Sans 3",system-ui,sans-serif;color:var(--soft);\
    margin:1.6rem 0 -.6rem}
    .state b{font-weight:600;color:var(--accent);margin-right:.4em}
    .state.failed b{color:var(--bad)}
    """

  private static func palette(_ pick: ((light: String, dark: String)) -> String) -> String {
    ChartPalette.colours.enumerated().map { "--c\($0):\(pick($1))" }.joined(separator: ";")
  }

  private static let light = """
    --ground:#fff;--sheet:#fff;--ink:#1b1d21;--soft:#5b616b;--faint:#8a909a;--hair:#e3e5e9;\
    --rule:#1b1d21;--accent:#0a5ea8;--tint:#f5f6f8;--bad:#b3261e;\(palette(\.light))
    """

  private static let dark = """
    --ground:#121417;--sheet:#121417;--ink:#e7e9ec;--soft:#a8aeb8;--faint:#7d848f;--hair:#2b2f36;\
    --rule:#c9cdd3;--accent:#7fb8ee;--tint:#1b1e23;--bad:#ff8a80;\(palette(\.dark))
    """

  private static let colours = """
    :root{color-scheme:light dark;\(light)}
    @media (prefers-color-scheme:dark){:root{\(dark)}}
    """

  private static let page = """
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--ink);\
    font:17px/1.6 "Source Serif 4","Source Serif Pro",Charter,"Iowan Old Style",Cambria,Georgia,\
    "Noto Serif",serif;font-kerning:normal;text-rendering:optimizeLegibility}
    main{max-width:66rem;margin:0 auto;padding:3.5rem 1.5rem 1rem}
    .kicker,.facts,table,figure,figcaption,details,dl,footer,h3,.footnotes{\
    font-family:Inter,"Source Sans 3",system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",\
    "Helvetica Neue",Arial,sans-serif}
    header{border-bottom:1px solid var(--hair);margin-bottom:2rem;padding-bottom:1.4rem}
    h1{font-size:2.15rem;line-height:1.15;letter-spacing:-.015em;margin:0;font-weight:650;\
    text-wrap:balance}
    h2{font-size:1.35rem;line-height:1.25;margin:2.6rem 0 .7rem;letter-spacing:-.008em}
    h3{font-size:1rem;margin:1.8rem 0 .4rem}
    .kicker{margin:0 0 .5rem;font-size:.78rem;letter-spacing:.06em;color:var(--accent);\
    font-weight:600}
    .facts{list-style:none;margin:.9rem 0 0;padding:0;display:flex;flex-wrap:wrap;\
    gap:.2rem 0;color:var(--soft);font-size:.88rem}
    .facts li:not(:last-child)::after{content:"·";margin:0 .6em;color:var(--faint)}
    p,.note,ul,ol,dl,pre{max-width:44rem}
    p{margin:.8rem 0}
    a{color:var(--accent);text-underline-offset:.15em}
    code,pre{font:.86em/1.5 ui-monospace,"SF Mono","JetBrains Mono","Cascadia Code",Menlo,Consolas,\
    "DejaVu Sans Mono",monospace}
    code{background:var(--tint);border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere}
    pre{background:var(--tint);border-radius:6px;padding:.8rem 1rem;overflow:auto}
    pre code{background:none;padding:0;overflow-wrap:normal}
    blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid var(--hair);\
    color:var(--soft)}
    .note>:first-child{margin-top:0}
    dl{display:grid;gap:.1rem;font-size:.88rem;margin:1rem 0}
    dl div{display:grid;grid-template-columns:10rem 1fr;gap:1rem;padding:.3rem 0;\
    border-bottom:1px solid var(--hair)}
    dt{color:var(--soft)}
    dd{margin:0;overflow-wrap:anywhere}
    details{margin:.8rem 0;font-size:.88rem}
    summary{cursor:pointer;color:var(--accent);width:fit-content;border-radius:4px}
    :focus-visible{outline:2px solid var(--accent);outline-offset:3px}
    footer{max-width:66rem;margin:3rem auto 2rem;padding:0 1.5rem;color:var(--soft);\
    font-size:.78rem;overflow-wrap:anywhere}
    @media (max-width:40rem){body{font-size:16px}main{padding:1.6rem 1rem}\
    h1{font-size:1.6rem}dl div{grid-template-columns:1fr;gap:0}footer{padding:0 1rem}}
    """

  private static let tables = """
    .table{overflow-x:auto;margin:1.8rem 0 .4rem;scrollbar-width:thin}
    .wide{position:relative;left:50%;transform:translateX(-50%);width:max-content;min-width:100%;\
    max-width:min(96vw,110rem)}
    .wide th,.wide td{padding-left:.5rem;padding-right:.5rem}
    table{min-width:min(22rem,100%);border-collapse:collapse;font-size:.9rem;line-height:1.35;\
    font-variant-numeric:tabular-nums lining-nums;border-bottom:2px solid var(--rule)}
    caption,figcaption{text-align:left;color:var(--soft);font-size:.88rem;line-height:1.5;\
    max-width:52rem}
    caption{caption-side:top;padding:0 0 .8rem}
    caption div{position:sticky;left:0;max-width:min(52rem,calc(100vw - 2rem))}
    caption strong,figcaption strong{color:var(--ink);font-weight:600}
    .number{color:var(--ink);font-weight:700;margin-right:.35em}
    th,td{padding:.34rem .75rem;text-align:right;font-weight:400;white-space:nowrap;\
    vertical-align:baseline}
    th:first-child,td:first-child{padding-left:.3rem}
    th:last-child,td:last-child{padding-right:.3rem}
    .l{text-align:left}
    .c{text-align:center}
    thead{border-top:2px solid var(--rule)}
    thead th{font-weight:600;vertical-align:bottom;padding-top:.5rem}
    thead .group{text-align:center;padding:.5rem .35rem 0}
    .group span{display:block;padding:0 .4rem .25rem;border-bottom:1px solid var(--rule)}
    tbody{border-top:1px solid var(--rule)}
    tbody tr:first-child>*{padding-top:.55rem}
    tbody tr:last-child>*{padding-bottom:.55rem}
    tbody tr:hover>td,tbody tr:hover>th[scope=row]{background:var(--tint)}
    .rows{text-align:left;font-style:italic;color:var(--soft)}
    td strong{font-weight:700}
    td u{text-decoration-thickness:1.5px;text-underline-offset:.18em}
    sub{font-size:.72em;color:var(--soft);vertical-align:-.22em;line-height:0;margin-left:.12em;\
    display:inline-block;min-width:2.35em;text-align:left}
    td.w{padding-right:calc(.75rem + 1.6em)}
    .wide td.w{padding-right:calc(.5rem + 1.6em)}
    td.w:last-child{padding-right:calc(.3rem + 1.6em)}
    sup{font-size:.68em;color:var(--soft);vertical-align:.45em;line-height:0;margin-left:.15em}
    td sup{display:inline-block;width:0;overflow:visible;white-space:nowrap}
    .noted tr>:last-child{padding-right:1.7rem}
    .noted td.w:last-child{padding-right:calc(1.7rem + 1.6em)}
    tbody th:first-child,thead tr:first-child>th:first-child{position:sticky;left:0;\
    background:var(--ground)}
    .none{color:var(--soft)}
    .failed{color:var(--bad);font-weight:600}
    .footnotes{list-style:none;margin:.5rem 0 0;position:sticky;left:0;padding:0 .3rem;\
    font-size:.8rem;color:var(--soft);max-width:min(52rem,calc(100vw - 2rem));\
    overflow-wrap:anywhere}
    .note table{margin:1rem 0;min-width:0;border-top:2px solid var(--rule)}
    .note thead{border-top:0}
    .note td,.note th{text-align:left;white-space:normal}
    details .table{margin:.5rem 0}
    details table{font-size:.8rem}
    details td,details th{padding:.2rem .6rem}
    """

  private static let figures = """
    figure{margin:2.4rem 0}
    .panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(19rem,100%),1fr));\
    gap:1.2rem 1.6rem}
    .panel{min-width:0;max-width:33rem}
    .panel h3{margin:0 0 .1rem;font-size:.9rem;font-weight:600}
    .panel svg{display:block;width:100%;height:auto}
    .panel details{margin:.1rem 0 0;font-size:.78rem}
    .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.3rem;margin:0 0 1rem;\
    padding:0;max-width:none;font-size:.85rem}
    .legend li{display:flex;align-items:center;gap:.5em}
    figcaption{margin-top:.8rem}
    """

  /// The classes of lines (`.s0`) and of areas and markers (`.f0`).
  private static let lines = ChartPalette.colours.indices.map { index in
    ".s\(index){stroke:var(--c\(index))}.f\(index){fill:var(--c\(index))}"
  }.joined()

  /// What a chart needs by itself.
  private static let marks = """
    svg text{font:11px Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",\
    "Helvetica Neue",Arial,sans-serif;fill:var(--soft);font-variant-numeric:tabular-nums}
    svg .tick{font-size:10.5px}
    .grid{stroke:var(--hair);fill:none}
    .axis{stroke:var(--faint);fill:none}
    .line{fill:none;stroke-width:1.8;stroke-linejoin:round}
    .mark{stroke:var(--sheet);stroke-width:.8}
    .band{opacity:.16}
    \(lines)
    """

  private static let paper = """
    @media print{:root{color-scheme:light;\(light)}html{font-size:9.5pt}body{font-size:1rem}\
    main{max-width:none;padding:0}h2,h3,caption,thead{break-after:avoid}\
    .legend{break-after:avoid}.panel,tr{break-inside:avoid}.table{overflow:visible}\
    tbody th:first-child,thead tr:first-child>th:first-child,caption div\
    {position:static;background:none}\
    .panels{grid-template-columns:1fr 1fr 1fr}details:not([open]){display:none}\
    a{color:inherit}footer{padding:0}}
    """
}
