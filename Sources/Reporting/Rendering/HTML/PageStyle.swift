/// How a page looks: on paper and on screens, wide and narrow, by day and by night.
public enum PageStyle {
  /// The colours by their use, light and dark. Every text has a contrast of at least 4.5 to what is behind it.
  public static let light = Palette(
    ink: "#1b1f24", paper: "#ffffff", faint: "#57606a", shade: "#f3f5f7", edge: "#8a929b", link: "#0550ae",
    good: "#1a7f37", bad: "#b31d28", open: "#8a5a00", plain: "#57606a")
  public static let dark = Palette(
    ink: "#e8ebef", paper: "#14181d", faint: "#a5afba", shade: "#1f252c", edge: "#7d8790", link: "#7ab7ff",
    good: "#4ac26b", bad: "#ff8b85", open: "#e3b341", plain: "#a5afba")

  public struct Palette: Sendable {
    public let ink, paper, faint, shade, edge, link: String
    /// Of what was done, failed, still runs, or is none of these.
    public let good, bad, open, plain: String

    fileprivate var css: String {
      "--ink:\(ink);--paper:\(paper);--faint:\(faint);--shade:\(shade);--edge:\(edge);--link:\(link);"
        + "--good:\(good);--bad:\(bad);--open:\(open);--plain:\(plain)"
    }
  }

  static let text = """

    :root{color-scheme:light dark;\(light.css)}
    @media (prefers-color-scheme:dark){:root{\(dark.css)}}
    *{box-sizing:border-box}
    body{margin:0 auto;padding:1rem;max-width:70rem;background:var(--paper);color:var(--ink);
    font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
    h1{font-size:1.7rem;line-height:1.25}h2{font-size:1.3rem;margin-top:2.2rem;border-bottom:1px solid var(--edge)}
    h3{font-size:1.1rem}h4,h5,h6{font-size:1rem}
    a{color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:2px}
    nav{background:var(--shade);padding:.5rem 1rem;border-radius:.4rem}nav p{margin:.2rem 0}
    nav ol{columns:16rem;margin:.3rem 0;padding-left:2rem}nav a{display:inline-block;min-height:24px}
    .wide,pre{overflow-x:auto}
    table{border-collapse:collapse;min-width:50%}
    th,td{border:1px solid var(--edge);padding:.3rem .55rem;text-align:left;vertical-align:top}
    th{background:var(--shade)}.right{text-align:right}.centre{text-align:center}
    pre{background:var(--shade);padding:.7rem;border-radius:.4rem}
    code{font:.9em ui-monospace,monospace}:not(pre)>code{background:var(--shade);padding:0 .2em}
    blockquote{margin-left:0;padding-left:1rem;border-left:4px solid var(--edge)}
    .prompt{border:2px dashed var(--open);padding:.5rem .8rem;color:var(--open)}
    .task{list-style:none;margin-left:-1.2rem}
    svg{display:block;width:100%;min-width:40rem;height:auto;font:13px system-ui,sans-serif}
    svg text{fill:var(--ink)}svg .faint{fill:var(--faint)}svg .grid{stroke:var(--edge);stroke-width:1;opacity:.45}
    svg .band{fill:var(--shade)}svg .name{font-weight:600}
    svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}svg .open{fill:var(--open)}svg .plain{fill:var(--plain)}
    svg .limit{fill:var(--ink)}
    details{margin:.5rem 0}summary{cursor:pointer;min-height:24px}
    @media (max-width:40rem){body{padding:.6rem}h1{font-size:1.35rem}th,td{padding:.2rem .35rem}nav ol{columns:1}}
    @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
    @page{margin:15mm}
    @media print{:root{color-scheme:light;\(light.css)}body{max-width:none;padding:0;font-size:10pt}
    nav,details{display:none}a{color:inherit}.wide,pre{overflow:visible}pre{white-space:pre-wrap}svg{min-width:0}
    h1,h2,h3,h4,h5,h6{break-after:avoid}tr,svg,blockquote,.prompt{break-inside:avoid}thead{display:table-header-group}
    table{font-size:9pt}*{print-color-adjust:exact}}

    """
}
